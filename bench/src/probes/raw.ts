import { once } from "node:events";
import { connect as connectTcp, type NetConnectOpts, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { connect as connectTls } from "node:tls";
import type { Endpoint } from "../clients/contender.ts";
import type { Measurement, Task } from "../measurement.ts";
import { measureTask } from "./load.ts";

/** What is sent over the bare socket: one command, and how many of it are in flight. */
export interface RawLoad {
  readonly words: readonly (string | Buffer)[];
  readonly window: number;
}

/** Into how many batches the window is cut: several let server and socket overlap. The best of them is the limit. */
const cuts = [1, 2, 4];

/** A command as the protocol writes it. */
function encode(words: readonly (string | Buffer)[]): Buffer {
  const parts = words.flatMap((word) => [`$${Buffer.byteLength(word)}\r\n`, word, "\r\n"]);
  return Buffer.concat([`*${words.length}\r\n`, ...parts].map((part) => Buffer.from(part)));
}

/** A socket whose bytes are only counted. */
class CountingSocket {
  readonly socket: Socket;
  onBytes: (count: number) => void = () => {};

  constructor({ host, port, ca }: Endpoint) {
    const onread = {
      buffer: Buffer.allocUnsafe(65_536),
      callback: (count: number): boolean => {
        this.onBytes(count);
        return true;
      },
    };
    const options: NetConnectOpts = { host, port, noDelay: true, onread };
    // TLS sockets take `onread`, too; their types do not say so.
    const tls: object = { ...options, ca, servername: host };
    this.socket = ca === null ? connectTcp(options) : connectTls(tls);
  }

  /** Sends a command and counts the bytes of its reply. */
  async replyLength(command: Buffer): Promise<number> {
    let count = 0;
    this.onBytes = (bytes) => {
      count += bytes;
    };
    this.socket.write(command);
    while (count === 0) await delay(5);
    await delay(30);
    return count;
  }

  /** Sends a payload again whenever as many bytes have come as it is answered with. */
  repeat(payload: Buffer, due: number, answered: () => boolean): void {
    let missing = due;
    this.onBytes = (count) => {
      missing -= count;
      while (missing <= 0) {
        missing += due;
        if (answered()) this.socket.write(payload);
      }
    };
  }
}

/** The limit of a bare socket: bytes made beforehand go out, replies are only counted; no parsing, no promises. */
export async function measureRaw({ words, window }: RawLoad, task: Task): Promise<Measurement> {
  const { endpoint } = task;
  const wire = new CountingSocket(endpoint);
  await once(wire.socket, endpoint.ca === null ? "connect" : "secureConnect");
  await wire.replyLength(encode(["AUTH", endpoint.password]));
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
