import type { Endpoint } from "../clients/contender.ts";
import type { Measurement, Task } from "../measurement.ts";
import type { Tally } from "../shapes/workload.ts";
import { CountingSocket, encode } from "./counting-socket.ts";
import { measureTask } from "./load.ts";

/** What is sent over the bare socket: one command, and how many of it are in flight. */
export interface RawLoad {
  readonly words: readonly (string | Buffer)[];
  readonly window: number;
}

/** A load, and whom it is for. */
export interface RawLine extends RawLoad {
  readonly endpoint: Endpoint;
}

/** Into how many batches the window is cut: several let server and socket overlap. The best of them is the limit. */
const cuts = [1, 2, 4];

/** The limit of a bare socket: bytes made beforehand go out, replies are only counted; no parsing, no promises. */
export async function measureRaw({ words, window }: RawLoad, task: Task): Promise<Measurement> {
  const wire = await CountingSocket.open(task.endpoint);
  const command = encode(words);
  const reply = await wire.replyLength(command);
  let best: Measurement | null = null;
  const fitting = cuts.filter((cut) => cut <= window);
  for (const cut of fitting) {
    const part = Math.max(1, Math.round(window / cut));
    const payload = Buffer.concat(new Array<Buffer>(part).fill(command));
    const found = await measureTask(
      (tally) =>
        new Promise((resolve) => {
          let flying = cut;
          wire.repeat(payload, reply * part, () => {
            tally.ops += part;
            if (!tally.stop) return true;
            if (--flying === 0) resolve();
            return false;
          });
          for (let i = 0; i < cut; i++) wire.socket.write(payload);
        }),
      { ...task, duration: task.duration / fitting.length, warmUp: task.warmUp / fitting.length },
    );
    if (best === null || found.value > best.value) best = found;
  }
  wire.socket.destroy();
  return best as Measurement;
}

/** The limit of several bare sockets at once. */
export async function measureRawLines(lines: readonly RawLine[], task: Task): Promise<Measurement> {
  const prepared = await Promise.all(
    lines.map(async ({ endpoint, words, window }) => {
      const wire = await CountingSocket.open(endpoint);
      const command = encode(words);
      const due = (await wire.replyLength(command)) * window;
      return { wire, window, due, payload: Buffer.concat(new Array<Buffer>(window).fill(command)) };
    }),
  );
  const repeat = (tally: Tally): Promise<void>[] =>
    prepared.map(
      ({ wire, window, due, payload }) =>
        new Promise((resolve) => {
          wire.repeat(payload, due, () => {
            tally.ops += window;
            if (tally.stop) resolve();
            return !tally.stop;
          });
          wire.socket.write(payload);
        }),
    );
  const found = await measureTask(async (tally) => void (await Promise.all(repeat(tally))), task);
  for (const { wire } of prepared) wire.socket.destroy();
  return found;
}
