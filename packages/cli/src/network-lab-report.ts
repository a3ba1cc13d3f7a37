import { type Explanation, explainFlow, type Lab, type Machine } from "@redoubt/network";
import { columns, type Output } from "./output.ts";

/** A way from a client to a cache, and what the judge says of it. */
export interface Way {
  readonly from: string;
  readonly to: string;
  readonly verdict: Explanation["verdict"];
  /** What decides, where it is not allowed; else empty. */
  readonly why: string;
}

/** Every way from a machine on which commands are run to a cache, as the judge sees it. */
export function waysOf({ machines, current }: Lab): Way[] {
  return machines.filter(isClient).flatMap(({ name, address }) =>
    current.network.caches.map((cache): Way => {
      const { verdict, steps } = explainFlow(current.network, { from: address ?? "", to: cache.name });
      const decides = steps.find((step) => step.verdict === verdict);
      const why = verdict === "allowed" || decides === undefined ? "" : `${decides.at}: ${decides.says}`;
      return { from: name, to: cache.name, verdict, why };
    }),
  );
}

function isClient({ kind, address }: Machine): boolean {
  return kind === "client" && address !== null;
}

/** A laboratory as `--json` prints it. Passwords are masked. */
export function labDescription(lab: Lab) {
  const { name, created, machines, breakages, strings, caFile } = lab;
  return {
    name,
    created,
    machines: machines.map(({ name: machine, kind, address }) => ({
      name: machine,
      kind,
      address,
      namespace: lab.namespaceOf(machine),
    })),
    caches: strings.map(({ cache, masked }) => ({ name: cache, string: masked })),
    caFile,
    broken: breakages,
    ways: waysOf(lab),
  };
}

/** A laboratory for people. */
export function labText(lab: Lab, output: Output): string {
  const { name, machines, breakages, strings } = lab;
  const styles = { allowed: "good", denied: "bad", "cannot tell": "warn" } as const;
  const machineRows = machines
    .filter(({ kind }) => ["client", "dns", "cache"].includes(kind))
    .map(({ name: machine, kind, address }) => [machine, `${kind.padEnd(6)}  ${address ?? ""}`] as const);
  const ways = waysOf(lab).map(({ from, to, verdict, why }) =>
    `  ${from.padEnd(15)}  ${to.padEnd(15)}  ${output.paint(styles[verdict], verdict.padEnd(11))}  ${output.foreign(why)}`.trimEnd(),
  );
  const broken = breakages.map(({ cause, mended }) => `${cause}${mended ? " (mended)" : ""}`).join(", ");
  return [
    `${output.paint("strong", name)}: ${broken === "" ? "nothing is broken" : `broken: ${broken}`}`,
    "",
    columns(machineRows),
    "",
    columns(strings.map(({ cache, masked }) => [cache, masked])),
    "",
    ...ways,
  ].join("\n");
}
