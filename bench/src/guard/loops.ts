import { hundredKeys, keys, smallValue } from "../shapes/dataset.ts";
import { type Exchange, loopback } from "./loopback.ts";

type Client = Awaited<ReturnType<typeof loopback>>;

/** A fixed piece of work, done again and again. */
export interface Loop extends Exchange {
  /** Commands that are asked for in one tick. */
  readonly together: number;
  readonly ask: (client: Client) => Promise<unknown>;
  /**
   * Commands to warm up with, and to count. V8 goes on compiling for a long time; what it does is counted, too, so only a
   * long warm-up makes figures that stay.
   */
  readonly warmUp: number;
  readonly count: number;
}

const bulk = (text: string): string => `$${text.length}\r\n${text}\r\n`;
const array = (texts: readonly string[]): Buffer =>
  Buffer.from(`*${texts.length}\r\n${texts.map(bulk).join("")}`);

const key = keys[0] as string;
const pairs = Array.from({ length: 50 }, (_, i) => [`field:${i}`, `value-of-field-${i}`]);
const items = Array.from({ length: 500 }, (_, i) => `list-item-${i}`);
const small = { together: 64, warmUp: 300_000, count: 40_000 };
const large = { together: 16, warmUp: 8000, count: 1600 };

/** The hot path in its usual forms, by name. */
export const loops: Readonly<Record<string, Loop>> = {
  get: {
    ...small,
    command: array(["GET", key]),
    reply: Buffer.from(bulk(smallValue)),
    ask: (client) => client.get(key),
  },
  set: {
    ...small,
    command: array(["SET", key, smallValue]),
    reply: Buffer.from("+OK\r\n"),
    ask: (client) => client.set(key, smallValue),
  },
  mget100: {
    ...large,
    command: array(["MGET", ...hundredKeys]),
    reply: array(hundredKeys.map(() => smallValue)),
    ask: (client) => client.mGet(hundredKeys),
  },
  hgetall50: {
    ...large,
    command: array(["HGETALL", "hash50"]),
    reply: Buffer.from(`%50\r\n${pairs.flat().map(bulk).join("")}`),
    ask: (client) => client.hGetAll("hash50"),
  },
  lrange500: {
    ...large,
    command: array(["LRANGE", "list500", "0", "-1"]),
    reply: array(items),
    ask: (client) => client.lRange("list500", 0, -1),
  },
};

/** Does the work of a loop over a build of the client. */
export async function startLoop(
  { together, ask, ...exchange }: Loop,
  dist: string,
): Promise<(count: number) => Promise<void>> {
  const client = await loopback(dist, exchange);
  return async (count) => {
    for (let done = 0; done < count; done += together) {
      const asked = new Array<Promise<unknown>>(together);
      for (let i = 0; i < together; i++) asked[i] = ask(client);
      await Promise.all(asked);
    }
  };
}
