import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cachePlace, machineName } from "../machines.ts";
import { redirectRules, serversOf } from "../servers.ts";
import { startCache } from "./caches.ts";
import type { CompiledLab } from "./compiled.ts";
import { endDaemon } from "./daemon.ts";
import { labFailed } from "./failure.ts";
import { writeResolver } from "./namespaces.ts";
import { processId, stillRuns } from "./process.ts";
import { type LabProcess, type LabState, labFolder, namespaceOf } from "./state.ts";
import { attempt, insideWords, must } from "./system.ts";

/**
 * Makes the laboratory what a plan says: routes, rules, names, and which caches run. What is so already is left alone; rules are
 * exchanged in one go, routes within some milliseconds.
 *
 * @returns the programs that run afterwards
 * @throws RedoubtError `LAB_FAILED`
 */
export async function applyLab(compiled: CompiledLab, state: LabState): Promise<LabProcess[]> {
  await routeFabric(compiled, state);
  await must(
    "setting the rules of the network",
    "ip",
    insideWords(namespaceOf(state.id, "fabric"), ["nft", "-f", "-"]),
    compiled.rules,
  );
  for (const [machine, servers] of compiled.resolvers) writeResolver(namespaceOf(state.id, machine), servers);
  const others = state.processes.filter(({ name }) => name !== "dns" && !name.startsWith("shard-"));
  const dns = await answerNames(compiled, state);
  return [...others, ...dns, ...(await runCaches(compiled, state))];
}

async function routeFabric({ routes, machines }: CompiledLab, { id }: LabState): Promise<void> {
  const fabric = namespaceOf(id, "fabric");
  const tables = new Set(routes.flatMap((line) => / table (\d+)/.exec(line)?.[1] ?? []));
  // Those of before, if there are any; some tables may not be there yet, which is no failure.
  const flush = ["rule flush", ...[...tables].map((table) => `route flush table ${table}`)];
  await attempt("ip", ["-n", fabric, "-force", "-batch", "-"], `${flush.join("\n")}\n`);
  if (machines.length === 0) return;
  await must(
    "setting the routes of the network",
    "ip",
    ["-n", fabric, "-batch", "-"],
    `${routes.join("\n")}\n`,
  );
}

/** Starts those DNS servers whose answers have changed, and those that do not run. */
async function answerNames({ dns }: CompiledLab, { id, name, processes }: LabState): Promise<LabProcess[]> {
  return Promise.all(
    [...dns].map(async ([machine, text]) => {
      const file = join(labFolder(name), `${machine}.dns`);
      const running = processes.find((one) => one.name === "dns" && one.machine === machine);
      if (running !== undefined && stillRuns(running) && readText(file) === text) return running;
      if (running !== undefined) await endDaemon(running);
      writeFileSync(file, text, { mode: 0o600 });
      // It goes into the background when it serves, and says so by its exit code.
      await must(
        `starting the DNS server on ${machine}`,
        "ip",
        insideWords(namespaceOf(id, machine), ["dnsmasq", `--conf-file=${file}`, "--user=root"]),
      );
      const pid = Number(readText(`${labFolder(name)}/${machine}.pid`));
      const found = processId(pid);
      if (found === null) throw labFailed(`starting the DNS server on ${machine}`, "it ended at once");
      return { name: "dns", machine, ...found };
    }),
  );
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** Starts and ends caches, as the plan has them. */
async function runCaches({ plan, lookup }: CompiledLab, state: LabState): Promise<LabProcess[]> {
  const lists = await Promise.all(
    plan.network.caches.map(async (cache) => {
      const machine = machineName(cache.name);
      const place = cachePlace(cache, lookup);
      if (place === null) return [];
      const own = state.processes.filter((one) => one.machine === machine && one.name.startsWith("shard-"));
      const alive = own.filter(stillRuns);
      if (plan.stopped.includes(cache.name)) {
        await Promise.all(alive.map(endDaemon));
        return [];
      }
      if (own.length > 0 && alive.length === own.length) return own;
      await Promise.all(alive.map(endDaemon));
      await must(
        `setting the ports of ${cache.name}`,
        "ip",
        insideWords(namespaceOf(state.id, machine), ["nft", "-f", "-"]),
        redirectRules(serversOf(cache), place.address),
      );
      return startCache({ lab: state, cache, machine, address: place.address });
    }),
  );
  return lists.flat();
}
