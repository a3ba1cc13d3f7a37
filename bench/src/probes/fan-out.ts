import type { Contender, Endpoint } from "../clients/contender.ts";
import type { Measurement, Task } from "../measurement.ts";
import type { Tally } from "../shapes/workload.ts";
import { CountingSocket, encode } from "./counting-socket.ts";
import { measureTask } from "./load.ts";

const channel = "news";

/** Messages that are published in one write, and writes that are under way: the server has always something to send. */
const together = 64;
const writes = 8;

/** What is published, and how many listeners in one client hear it. */
export interface FanOut {
  readonly bytes: number;
  readonly listeners: number;
}

/**
 * Messages per second that a client gives to all its listeners. They are published over a bare socket of the same
 * process, no faster than they are heard, which costs everybody the same.
 */
export async function measureFanOut(
  { bytes, listeners }: FanOut,
  { subscribe }: Contender,
  task: Task,
): Promise<Measurement | null> {
  if (subscribe === undefined) return null;
  const publisher = await Publisher.open(task.endpoint, bytes);
  let calls = 0;
  let heard = (): void => {};
  const listener = (message: string): void => {
    if (message.length !== bytes) throw new Error(`a message of ${message.length} bytes came`);
    if (++calls % listeners === 0) heard();
  };
  const subscriber = await subscribe(
    task.endpoint,
    channel,
    // Each is a function of its own, or clients would take it for the same listener.
    Array.from({ length: listeners }, () => (message: string) => listener(message)),
  );
  const found = await measureTask(
    (tally) =>
      publisher.run(tally, (onMessage) => {
        heard = onMessage;
      }),
    task,
  );
  publisher.close();
  await subscriber.close();
  return found;
}

/** {@link measureFanOut} of a bare socket, which counts the bytes of messages. */
export async function measureRawFanOut({ bytes }: FanOut, task: Task): Promise<Measurement> {
  const publisher = await Publisher.open(task.endpoint, bytes);
  const hearing = await CountingSocket.open(task.endpoint);
  await hearing.replyLength(encode(["SUBSCRIBE", channel]));
  const length = encode(["message", channel, "x".repeat(bytes)]).length;
  const found = await measureTask(
    (tally) =>
      publisher.run(tally, (onMessage) => {
        let missing = length;
        hearing.onBytes = (count) => {
          for (missing -= count; missing <= 0; missing += length) onMessage();
        };
      }),
    task,
  );
  publisher.close();
  hearing.socket.destroy();
  return found;
}

/** Publishes as much as is heard. */
class Publisher {
  readonly #wire: CountingSocket;
  readonly #payload: Buffer;

  private constructor(wire: CountingSocket, payload: Buffer) {
    this.#wire = wire;
    this.#payload = payload;
  }

  static async open(endpoint: Endpoint, bytes: number): Promise<Publisher> {
    const message = encode(["PUBLISH", channel, "x".repeat(bytes)]);
    const wire = await CountingSocket.open(endpoint);
    wire.onBytes = () => {};
    return new Publisher(wire, Buffer.concat(new Array<Buffer>(together).fill(message)));
  }

  /** Publishes until the tally says stop; `listen` is told whom to call for each message. */
  run(tally: Tally, listen: (onMessage: () => void) => void): Promise<void> {
    return new Promise((resolve) => {
      listen(() => {
        if (++tally.ops % together !== 0) return;
        if (tally.stop) resolve();
        else this.#wire.socket.write(this.#payload);
      });
      for (let i = 0; i < writes; i++) this.#wire.socket.write(this.#payload);
    });
  }

  close(): void {
    this.#wire.socket.destroy();
  }
}
