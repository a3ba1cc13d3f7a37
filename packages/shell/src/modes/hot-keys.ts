import { repr } from "../line/repr.ts";
import { errorText, numberOf } from "../reply/text.ts";
import { asError } from "../session/line.ts";
import { scannedKeys } from "./keys.ts";
import { demand, type Scene } from "./scene.ts";

/** So many are remembered. */
const most = 16;

const intro = `
# Scanning the entire keyspace to find hot keys as well as
# average sizes per key type.  You can use -i 0.1 to sleep 0.1 sec
# per 100 SCAN commands (not usually needed).

`;

/** --hotkeys: keys with the highest counters. Wants an LFU policy. @returns the exit code */
export async function runHotKeys(scene: Scene): Promise<number> {
  const { out } = scene;
  const total = numberOf(await demand(scene, "DBSIZE"));
  const hottest: { readonly key: string; readonly counter: number }[] = [];
  let sampled = 0;
  await out.write(intro);
  for await (const keys of scannedKeys(scene)) {
    const percent = (total === 0 ? 0 : (100 * sampled) / total).toFixed(2).padStart(5, "0");
    const counters = await scene.session.askAll(keys.map((key) => ["OBJECT", "FREQ", key]));
    for (const [i, key] of keys.entries()) {
      const reply = counters[i] ?? null;
      const failed = errorText(reply);
      if (failed !== null) throw asError(failed);
      const counter = numberOf(reply);
      sampled++;
      if (counter <= 0 || counter <= (hottest.length < most ? 0 : (hottest.at(-1)?.counter ?? 0))) continue;
      hottest.push({ key: repr(key), counter });
      hottest.sort((a, b) => b.counter - a.counter);
      hottest.length = Math.min(hottest.length, most);
      await out.write(`[${percent}%] Hot key '${repr(key)}' found so far with counter ${counter}\n`);
    }
  }
  const lines = hottest.map(
    ({ key, counter }) => `hot key found with counter: ${counter}\tkeyname: ${key}\n`,
  );
  await out.write(
    `\n-------- summary -------\n\nSampled ${sampled} keys in the keyspace!\n${lines.join("")}`,
  );
  return 0;
}
