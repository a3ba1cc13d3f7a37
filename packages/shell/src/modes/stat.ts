import { plainText } from "../reply/text.ts";
import { demand, pause, type Scene } from "./scene.ts";

const header = `------- data ------ --------------------- load -------------------- - child -
keys       mem      clients blocked requests            connections          
`;
/** After so many lines the header comes again. */
const headerEvery = 20;

/** --stat: one line of figures every second, or as -i says, until it is interrupted. */
export async function runStat(scene: Scene): Promise<number> {
  let before: number | null = null;
  for (let count = 0; ; count++) {
    const info = plainText(await demand(scene, "INFO")) ?? "";
    const number = (name: string): number => Number(new RegExp(`^${name}:(\\d+)`, "m").exec(info)?.[1] ?? 0);
    const requests = number("total_commands_processed");
    const keys = [...info.matchAll(/^db\d+:keys=(\d+)/gm)].reduce((sum, [, found]) => sum + Number(found), 0);
    const cells = [
      String(keys).padEnd(11),
      human(number("used_memory")).padEnd(8),
      ` ${String(number("connected_clients")).padEnd(8)}`,
      String(number("blocked_clients")).padEnd(8),
      `${requests} (+${before === null ? 0 : requests - before})`.padEnd(19),
      ` ${String(number("total_connections_received")).padEnd(12)}`,
      child(number("rdb_bgsave_in_progress"), number("aof_rewrite_in_progress"), number("loading")),
    ];
    if (count % headerEvery === 0) await scene.out.write(header);
    await scene.out.write(`${cells.join("")}\n`);
    before = requests;
    await pause(scene, scene.settings.interval ?? 1000);
  }
}

function child(save: number, rewrite: number, loading: number): string {
  if (loading > 0) return "LOAD";
  return [save > 0 ? "SAVE" : "", rewrite > 0 ? "AOF" : ""].filter((name) => name !== "").join("+");
}

/** Bytes, with redis-cli's letters. */
function human(bytes: number): string {
  if (bytes < 1024) return `${bytes}B`;
  const units = [..."KMG"];
  let value = bytes / 1024;
  let unit = 0;
  for (; value >= 1024 && unit < units.length - 1; unit++) value /= 1024;
  return `${value.toFixed(2)}${units[unit]}`;
}
