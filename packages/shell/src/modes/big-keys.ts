import { repr } from "../line/repr.ts";
import { numberOf, plainText } from "../reply/text.ts";
import { scannedKeys } from "./keys.ts";
import { demand, type Scene } from "./scene.ts";

/** How the size of a type is asked for, and what it counts. In the order of the summary. */
const types: Readonly<Record<string, readonly [command: string, unit: string]>> = {
  list: ["LLEN", "items"],
  hash: ["HLEN", "fields"],
  string: ["STRLEN", "bytes"],
  stream: ["XLEN", "entries"],
  set: ["SCARD", "members"],
  zset: ["ZCARD", "members"],
};

/** What was found of one type. */
class TypeTally {
  readonly name: string;
  readonly unit: string;
  count = 0;
  total = 0;
  biggest = 0;
  /** Quoted. */
  key: string | null = null;

  constructor(name: string, byMemory: boolean) {
    this.name = name;
    this.unit = byMemory ? "bytes" : (types[name]?.[1] ?? "?");
  }
}

const intro = `
# Scanning the entire keyspace to find biggest keys as well as
# average sizes per key type.  You can use -i 0.1 to sleep 0.1 sec
# per 100 SCAN commands (not usually needed).

`;

/** So often it is said how far it is, in keys. */
const reportEvery = 1_000_000;

/** --bigkeys and --memkeys: the biggest key of each type, and averages. @returns the exit code */
export async function runBigKeys(scene: Scene, byMemory: boolean): Promise<number> {
  const { out } = scene;
  const total = numberOf(await demand(scene, "DBSIZE"));
  const tallies = new Map<string, TypeTally>();
  let sampled = 0;
  let nameBytes = 0;
  await out.write(intro);
  for await (const keys of scannedKeys(scene)) {
    const percent = total === 0 ? 0 : (100 * sampled) / total;
    for (const { key, type, size } of await measured(scene, keys, byMemory)) {
      const tally = tallies.get(type) ?? new TypeTally(type, byMemory);
      tallies.set(type, tally);
      tally.count++;
      tally.total += size;
      nameBytes += key.length;
      sampled++;
      if (size > tally.biggest) {
        tally.biggest = size;
        tally.key = repr(key);
        await out.write(
          `${share(percent)} Biggest ${type.padEnd(6)} found so far '${tally.key}' with ${size} ${tally.unit}\n`,
        );
      }
      if (sampled % reportEvery === 0) await out.write(`${share(percent)} Sampled ${sampled} keys so far\n`);
    }
  }
  await out.write(summary([...tallies.values()].toSorted(byOrder), sampled, nameBytes));
  return 0;
}

function byOrder(a: TypeTally, b: TypeTally): number {
  const names = Object.keys(types);
  const place = ({ name }: TypeTally): number => (names.includes(name) ? names.indexOf(name) : names.length);
  return place(a) - place(b);
}

function share(percent: number): string {
  return `[${percent.toFixed(2).padStart(5, "0")}%]`;
}

interface Measured {
  readonly key: string;
  readonly type: string;
  readonly size: number;
}

/** Type and size of keys; those that are gone by now are left out. */
async function measured(scene: Scene, keys: readonly string[], byMemory: boolean): Promise<Measured[]> {
  const { session, settings } = scene;
  const samples = settings.samples === undefined ? [] : ["SAMPLES", String(settings.samples)];
  const replies = await session.askAll(keys.map((key) => ["TYPE", key]));
  const typed = keys
    .map((key, i) => ({ key, type: plainText(replies[i]) ?? "none" }))
    .filter(({ type }) => type !== "none");
  // Types of modules have no command that counts.
  const countable = byMemory ? typed : typed.filter(({ type }) => type in types);
  const sizes = await session.askAll(
    countable.map(({ key, type }) =>
      byMemory ? ["MEMORY", "USAGE", key, ...samples] : [types[type]?.[0] ?? "", key],
    ),
  );
  const sizeOf = new Map(countable.map(({ key }, i) => [key, numberOf(sizes[i])]));
  return typed.map(({ key, type }) => ({ key, type, size: sizeOf.get(key) ?? 0 }));
}

function summary(tallies: readonly TypeTally[], sampled: number, nameBytes: number): string {
  const average = (sum: number, count: number): string => (count === 0 ? 0 : sum / count).toFixed(2);
  const biggest = tallies
    .filter(({ key }) => key !== null)
    .map(
      ({ name, key, biggest, unit }) => `Biggest ${name.padStart(6)} found '${key}' has ${biggest} ${unit}\n`,
    );
  const totals = tallies.map(({ name, count, total, unit }) => {
    const part = (sampled === 0 ? 0 : (100 * count) / sampled).toFixed(2).padStart(5, "0");
    return `${count} ${name}s with ${total} ${unit} (${part}% of keys, avg size ${average(total, count)})\n`;
  });
  return (
    `\n-------- summary -------\n\nSampled ${sampled} keys in the keyspace!\n` +
    `Total key length in bytes is ${nameBytes} (avg len ${average(nameBytes, sampled)})\n\n` +
    `${biggest.join("")}\n${totals.join("")}`
  );
}
