import type { RedoubtError } from "../errors.ts";
import type { RedisArgument } from "../protocol/outgoing.ts";

/** Commands whose arguments are never told: they may be secrets. */
const secretive: ReadonlySet<string> = new Set([
  "ACL SETUSER",
  "AUTH",
  "CONFIG SET",
  "HELLO",
  "MIGRATE",
  "SENTINEL SET",
]);

/** The server that a command went to. */
export interface ServerTrace {
  /** As it was said. */
  readonly host: string;
  readonly port: number;
  /** The address behind that name: `10.0.0.4:6380`. */
  readonly peer: string;
  readonly database: number;
}

/** The part of a command that is told. */
interface Told {
  readonly spec: { readonly name: string };
  readonly args: readonly RedisArgument[];
}

/** What is told of one command. Printing it shows no arguments. */
export class CommandTrace {
  /** `GET`, `CLIENT LIST`. */
  readonly command: string;
  readonly argumentCount: number;
  /** Null while there is no connection. */
  server: ServerTrace | null;
  error?: RedoubtError;
  readonly #args: readonly RedisArgument[];

  constructor({ spec, args }: Told, server: ServerTrace | null) {
    this.command = spec.name;
    this.argumentCount = args.length;
    this.server = server;
    this.#args = args;
  }

  /** The command as one line of text, values included: ask only where that is allowed. Logins stay hidden. */
  text(): string {
    return textOf({ spec: { name: this.command }, args: this.#args });
  }
}

/** What is told of a transaction or pipeline. Printing it shows no arguments. */
export class BatchTrace {
  readonly kind: "MULTI" | "PIPELINE";
  /** The names of the commands, in order. */
  readonly commands: readonly string[];
  /** Null while there is no connection. */
  server: ServerTrace | null;
  error?: RedoubtError;
  readonly #told: readonly Told[];

  constructor(kind: BatchTrace["kind"], commands: readonly Told[], server: ServerTrace | null) {
    this.kind = kind;
    this.commands = commands.map(({ spec }) => spec.name);
    this.server = server;
    this.#told = commands;
  }

  /** The commands, a line each; see {@link CommandTrace.text}. */
  text(): string {
    return this.#told.map(textOf).join("\n");
  }
}

function textOf({ spec: { name }, args }: Told): string {
  if (secretive.has(name)) return args.length === 0 ? name : `${name} ?`;
  return [name, ...args.map(String)].join(" ");
}
