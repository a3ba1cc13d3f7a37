import {
  type Cause,
  type CauseId,
  causeIds,
  causes,
  type Lab,
  labBreak,
  labDown,
  labMend,
  labNamed,
  labUp,
  missingForLab,
} from "@redoubt/network";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { redoubt } from "./redoubt.ts";

// The questions of Microsoft's page on caches inside virtual networks, and of its readers: each is made on a laboratory, the doctor is
// run where it shows, and must name that cause first; then it is mended, and nothing is left to name.

const missing = missingForLab();
const unfit = missing.length === 0 ? "" : `(skipped: ${missing[0]})`;
const isCi = !["", "false"].includes(process.env["CI"] ?? "");
// Under CI a program that is missing is a failure. Where nobody is root, nothing can be done about it.
if (unfit !== "" && isCi && process.platform === "linux" && process.getuid?.() === 0) throw new Error(unfit);

const name = `causes-${process.pid}`;

/** What the doctor advises first, or among its fixes: the answer of the page. */
const advice: Readonly<Record<CauseId, RegExp>> = {
  "client-port-denied": /Allow TCP 6380 from 10\.0\.2\.4/,
  "node-ports-denied": /Allow TCP 13000-13999 and 15000-15999/,
  "endpoint-node-ports-denied": /Allow TCP 8500-8599/,
  "global-peering": /another region.*basic.*VPN gateway/,
  "peering-one-sided": /Connect the networks/,
  "zone-not-linked": /Link privatelink\.redis\.azure\.net/,
  "zone-of-other-product": /Create the zone privatelink\.redis\.azure\.net/,
  "own-dns-unaware": /Let 10\.0\.5\.4 forward redis\.azure\.net to 168\.63\.129\.16/,
  "address-dialled": /Dial orders\.redis\.cache\.windows\.net instead of 10\.0\.1\.10/,
  "plain-port-off": /Dial port 6380 with TLS/,
  "port-80-denied": /Let TCP 80 out of the subnet of the cache/,
  "forced-tunnelling": /route the subnet of the cache to the internet/,
  "cache-down": /rebooted/,
  "endpoint-not-approved": /private endpoint: see that its connection is approved/,
};

interface Found {
  readonly id: string;
  readonly severity: string;
  readonly fixes: readonly { readonly says: string; readonly after: string | null }[];
}

interface Examined {
  readonly findings: readonly Found[];
  readonly connected: boolean;
  readonly stdout: string;
}

async function examine(machine: string, cache: string): Promise<Examined> {
  const quickly = ["--json", "--probe-timeout", "600", "--timeout", "1500", "--seconds", "0"];
  const { stdout, stderr } = await redoubt([
    "network",
    "lab",
    "doctor",
    "--name",
    name,
    machine,
    cache,
    ...quickly,
  ]);
  try {
    const { findings, verdict } = JSON.parse(stdout);
    return { findings, connected: verdict.connected, stdout };
  } catch {
    throw new Error(`${stdout}\n${stderr}`);
  }
}

/** Where a cause shows in the example, and of which cache. */
function placeOf({ seenFrom, cache }: Cause): readonly [machine: string, cache: string] {
  const name = cache === "injected" ? "orders" : "sessions";
  return [{ near: "app", peered: "web", far: "jobs", cache: name }[seenFrom], name];
}

const ids = (findings: readonly Found[]) => findings.map(({ id }) => id);
const errors = (findings: readonly Found[]) => findings.filter(({ severity }) => severity === "error");

describe.skipIf(unfit !== "")(`the doctor ${unfit}`, () => {
  let lab: Lab;
  const healthy = new Map<string, readonly string[]>();
  beforeAll(async () => {
    lab = await labUp({ name });
    for (const id of causeIds) {
      const place = placeOf(causes[id]);
      if (!healthy.has(place.join(" ")))
        healthy.set(place.join(" "), ids((await examine(...place)).findings));
    }
  });
  afterAll(async () => {
    if (lab !== undefined) await labDown(name);
  });

  test("finds no error while all is well", async () => {
    const { findings, connected } = await examine("app", "orders");
    expect(connected).toBe(true);
    expect(errors(findings)).toEqual([]);
  });

  test.each(causeIds)("%s is named first, and mended by its advice", async (id) => {
    const cause: Cause = causes[id];
    const place = placeOf(cause);
    await labBreak(name, id);
    const broken = await examine(...place);
    const [first] = broken.findings;
    expect(cause.findings, broken.stdout).toContain(first?.id);
    expect(first?.severity).toBe("error");
    expect((first?.fixes ?? []).map(({ says }) => says).join("\n")).toMatch(advice[id]);
    expect(broken.stdout).not.toContain(passwordOf(labNamed(name)));
    const line = first?.fixes[0]?.after ?? null;
    if (line !== null) expect(await pings(line, place[0])).toBe(0);

    await labMend(name, id);
    const mended = await examine(...place);
    expect(mended.connected).toBe(true);
    expect(ids(mended.findings)).toEqual(healthy.get(place.join(" ")));
    expect(errors(mended.findings)).toEqual([]);
    await labMend(name, "all");
  });

  /** Dials the line that the doctor wrote, with the password that it must not know to write. */
  async function pings(line: string, machine: string): Promise<number> {
    const password = passwordOf(labNamed(name));
    const text = line.replace("*****", password);
    const words = ["network", "lab", "exec", "--name", name, machine, "--", "redoubt", "ping", "-"];
    return (await redoubt(words, { stdin: text })).code;
  }
});

function passwordOf({ strings }: Lab): string {
  return /:([^:@]+)@/.exec(strings[0]?.text.reveal() ?? "")?.[1] ?? "";
}
