import { once } from "node:events";
import { connect as connectTcp, type NetConnectOpts, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { connect as connectTls } from "node:tls";
import type { Endpoint } from "../clients/contender.ts";

/** A command as the protocol writes it. */
export function encode(words: readonly (string | Buffer)[]): Buffer {
  const parts = words.flatMap((word) => [`$${Buffer.byteLength(word)}\r\n`, word, "\r\n"]);
  return Buffer.concat([`*${words.length}\r\n`, ...parts].map((part) => Buffer.from(part)));
}

/** A socket whose bytes are only counted. */
export class CountingSocket {
  readonly socket: Socket;
  onBytes: (count: number) => void = () => {};

  private constructor({ host, port, ca }: Endpoint) {
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

  /** Connects and logs in. */
  static async open(endpoint: Endpoint): Promise<CountingSocket> {
    const opened = new CountingSocket(endpoint);
    await once(opened.socket, endpoint.ca === null ? "connect" : "secureConnect");
    await opened.replyLength(encode(["AUTH", endpoint.password]));
    return opened;
  }

  /** Sends a command and waits until so many bytes have come. */
  exchange(command: Buffer, due: number): Promise<void> {
    return new Promise((resolve) => {
      let missing = due;
      this.onBytes = (bytes) => {
        missing -= bytes;
        if (missing <= 0) resolve();
      };
      this.socket.write(command);
    });
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
