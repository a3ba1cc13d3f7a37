import { type Command, command, type RedisArgument, spec } from "./command.ts";
import { type Mapping, toObject } from "./decode.ts";

const AUTH = spec("AUTH", { keys: null });
const ECHO = spec("ECHO", { keys: null });
const HELLO = spec("HELLO", { keys: null, shape: "object" });
const PING = spec("PING", { keys: null });
const SELECT = spec("SELECT", { keys: null });

/** User name and password; without a user name that of `default`. */
export interface AuthOptions {
  readonly username?: RedisArgument | undefined;
  readonly password: RedisArgument;
}

/** Options of {@link hello}; only together with a version. */
export interface HelloOptions {
  readonly AUTH?: { readonly username: RedisArgument; readonly password: RedisArgument } | undefined;
  readonly SETNAME?: RedisArgument | undefined;
}

/** What the server says of itself and this connection. */
export interface HelloReply {
  readonly server: string;
  readonly version: string;
  readonly proto: 2 | 3;
  readonly id: number;
  /** `standalone`, `sentinel` or `cluster`. */
  readonly mode: string;
  readonly role: string;
  readonly modules: { readonly name: string; readonly ver: number; readonly [more: string]: unknown }[];
}

/** Logs this connection in. */
export function auth(options: AuthOptions): Command<"OK"> {
  const { username, password } = options;
  return command(AUTH, username === undefined ? [password] : [username, password]);
}

/** Answers the message. */
export function echo(message: RedisArgument): Command<string> {
  return command(ECHO, [message]);
}

/** Chooses the protocol, and on the way logs in and names this connection; without a version only tells. */
export function hello(protover?: 2 | 3, options: HelloOptions = {}): Command<HelloReply> {
  const args: RedisArgument[] = [];
  if (protover !== undefined) {
    args.push(protover);
    if (options.AUTH !== undefined) args.push("AUTH", options.AUTH.username, options.AUTH.password);
    if (options.SETNAME !== undefined) args.push("SETNAME", options.SETNAME);
  }
  return command(HELLO, args, (reply: Record<string, unknown>) => {
    reply["modules"] = (reply["modules"] as Mapping[]).map((module) => toObject(module));
    return reply as unknown as HelloReply;
  });
}

/** `PONG`, or the message. */
export function ping(message?: RedisArgument): Command<string> {
  return command(PING, message === undefined ? [] : [message]);
}

/** Chooses the database of this connection. */
export function select(db: number): Command<"OK"> {
  return command(SELECT, [db]);
}
