import { toByteText } from "../line/bytes.ts";
import { repr } from "../line/repr.ts";
import { elementsOf, plainText } from "../reply/text.ts";
import { demand, pause, type Scene } from "./scene.ts";

/** Between so many cycles of SCAN --bigkeys and its kin wait for -i. */
const cyclesOfPause = 100;

/** Keys of the database, as SCAN gives them, cycle by cycle. Byte text. */
export async function* scannedKeys(scene: Scene, pauseAfter = cyclesOfPause): AsyncGenerator<string[]> {
  const { pattern, interval } = scene.settings;
  const match = pattern === undefined ? [] : ["MATCH", toByteText(pattern)];
  let cursor = "0";
  let cycles = 0;
  do {
    const reply = elementsOf(await demand(scene, "SCAN", cursor, ...match));
    cursor = plainText(reply[0]) ?? "0";
    yield elementsOf(reply[1]).map((key) => plainText(key) ?? "");
    if (interval !== undefined && ++cycles % pauseAfter === 0 && cursor !== "0") await pause(scene, interval);
  } while (cursor !== "0");
}

/** Lists keys, a line each. @returns the exit code */
export async function runScan(scene: Scene): Promise<number> {
  for await (const keys of scannedKeys(scene, 1)) {
    const lines = keys.map((key) => `${scene.format.name === "tty" ? repr(key) : key}\n`);
    await scene.out.write(lines.join(""));
  }
  return 0;
}
