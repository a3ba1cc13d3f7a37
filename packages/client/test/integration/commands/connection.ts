import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { Command } from "../../../src/commands/command.ts";
import * as commands from "../../../src/commands/index.ts";
import type { ReplyError } from "../../../src/errors.ts";
import { asBuffers, asObject, asStrings, Decoder } from "../../../src/protocol/decoder.ts";
import { Encoder } from "../../../src/protocol/encoder.ts";

interface Pending {
  readonly command: Command<unknown>;
  readonly buffers: boolean;
  readonly resolve: (reply: unknown) => void;
  readonly reject: (error: Error) => void;
}

const deadline = 5000;

/** The least that sends commands and decodes replies: encoder, socket, decoder; neither retry nor queue. */
export class Connection implements Disposable {
  readonly protocol: 2 | 3;
  readonly #socket: Socket;
  readonly #encoder = new Encoder();
  readonly #pending: Pending[] = [];

  /** Connects to a plain port and chooses the protocol. */
  static async open(port: number, protocol: 2 | 3): Promise<Connection> {
    const socket = connect({ host: "127.0.0.1", port, noDelay: true });
    await once(socket, "connect", { signal: AbortSignal.timeout(deadline) });
    const connection = new Connection(socket, protocol);
    await connection.send(commands.hello(protocol));
    return connection;
  }

  private constructor(socket: Socket, protocol: 2 | 3) {
    this.#socket = socket;
    this.protocol = protocol;
    const decoder = new Decoder({
      replyMode: () => {
        const next = this.#pending[0];
        return (
          (next?.buffers ? asBuffers : asStrings) + (next?.command.spec.shape === "object" ? asObject : 0)
        );
      },
      onReply: (value) => {
        const { command, resolve, reject } = this.#pending.shift() as Pending;
        try {
          resolve(command.decode ? command.decode(value as never, this.protocol) : value);
        } catch (error) {
          reject(error as Error);
        }
      },
      onReplyError: (error: ReplyError) => this.#pending.shift()?.reject(error),
      onPush: () => {},
    });
    socket.on("data", (chunk) => decoder.write(chunk));
    socket.on("error", (error) => this.#fail(error));
    socket.on("close", () => this.#fail(new Error("the connection was closed")));
  }

  /** Sends one command; `buffers` asks for Buffers instead of strings. */
  send<Reply>(command: Command<Reply>, buffers = false): Promise<Reply> {
    return new Promise<unknown>((resolve, reject) => {
      this.#encoder.add(command);
      const late = setTimeout(() => reject(new Error(`no reply to ${command.spec.name}`)), deadline);
      const settle = <Value>(then: (value: Value) => void) => {
        return (value: Value) => {
          clearTimeout(late);
          then(value);
        };
      };
      this.#pending.push({ command, buffers, resolve: settle(resolve), reject: settle(reject) });
      for (const bytes of this.#encoder.take()) this.#socket.write(bytes);
    }) as Promise<Reply>;
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  #fail(error: Error): void {
    for (const { reject } of this.#pending.splice(0)) reject(error);
  }
}
