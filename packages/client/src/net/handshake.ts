import { type Command, command, type RedisArgument, spec } from "../commands/command.ts";
import { mask } from "../config/secret.ts";
import { RedoubtError, ReplyError } from "../errors.ts";
import { exchange } from "./exchange.ts";
import type { ServerReport } from "./report.ts";
import type { Wire } from "./wire.ts";

/** Who logs in, and how the session is to be set up. */
export interface Session {
  /** `null`: the user `default`. */
  readonly username: string | null;
  /** `null`: no AUTH is sent. */
  readonly password: string | null;
  readonly clientName: string | null;
  /** 0: no SELECT is sent. */
  readonly database: number;
  /** Highest RESP version to ask for. */
  readonly protocol: 2 | 3;
  /** Name and version of the library for `CLIENT SETINFO`; null sends none. */
  readonly library: { readonly name: string; readonly version: string } | null;
}

/** What came of logging in. */
export interface LoggedIn {
  readonly protocol: 2 | 3;
  readonly server: ServerReport;
}

const unknownServer: ServerReport = { product: null, version: null, mode: null, role: null };

const HELLO = spec("HELLO", { keys: null, shape: "object" });
const AUTH = spec("AUTH", { keys: null });
const PING = spec("PING", { keys: null });
const SELECT = spec("SELECT", { keys: null });
const CLIENT_SETNAME = spec("CLIENT SETNAME", { keys: null });
const CLIENT_SETINFO = spec("CLIENT SETINFO", { keys: null });

/**
 * Logs in: `HELLO 3 AUTH …` in one round trip. Servers and proxies that refuse HELLO get AUTH and RESP2.
 * @throws RedoubtError of the families `AUTH_` and `REPLY_`
 */
export async function logIn(
  wire: Wire,
  session: Session,
  address: string,
  signal: AbortSignal,
): Promise<LoggedIn> {
  if (session.protocol === 3) {
    const credentials =
      session.password === null ? [] : ["AUTH", session.username ?? "default", session.password];
    const [reply] = await exchange(wire, [command(HELLO, ["3", ...credentials])], signal);
    if (!(reply instanceof ReplyError)) return greeted(reply, address);
    if (!isHelloRefused(reply)) throw loginError(reply, address, session);
  }
  // PING tells whether a password is wanted when none was given; AUTH tells everything else.
  const credentials =
    session.username === null ? [session.password ?? ""] : [session.username, session.password ?? ""];
  const [reply] = await exchange(
    wire,
    [session.password === null ? command(PING, []) : command(AUTH, credentials)],
    signal,
  );
  // A user who may not PING is logged in nevertheless; one who may not AUTH is not.
  const tolerated = session.password === null ? "AUTH_FORBIDDEN" : null;
  if (reply instanceof ReplyError && reply.code !== tolerated) throw loginError(reply, address, session);
  return { protocol: 2, server: unknownServer };
}

/** HELLO does not exist before Redis 6, is cut off by some proxies, may be renamed away, or denied by an ACL. */
function isHelloRefused(reply: ReplyError): boolean {
  if (reply.code === "REPLY_UNKNOWN_COMMAND" || reply.prefix === "NOPROTO" || reply.code === "AUTH_FORBIDDEN")
    return true;
  return (
    reply.code === "REPLY_ERROR" && /hello|unknown|unsupported|not supported|not allowed/i.test(reply.message)
  );
}

function loginError(reply: ReplyError, address: string, session: Session): RedoubtError {
  const user = session.username ?? "default";
  const said = withoutSecret(reply.message, session.password);
  const message =
    reply.code === "AUTH_FAILED"
      ? `${address} does not accept the password of user ${user}`
      : reply.code === "AUTH_REQUIRED" && session.password === null
        ? `${address} wants a password, and none was given`
        : `${address} answered: ${said}`;
  // The server's own words are the cause, unless it repeats what must not be told.
  const cause = said === reply.message ? { cause: reply } : {};
  return new RedoubtError(reply.code, message, { address, stage: "auth", ...cause });
}

function withoutSecret(text: string, secret: string | null): string {
  return secret === null || secret === "" ? text : text.replaceAll(secret, mask);
}

/** Reads the reply to HELLO. A proxy may answer with the protocol that it speaks rather than the one asked for. */
function greeted(reply: unknown, address: string): LoggedIn {
  if (typeof reply !== "object" || reply === null || Array.isArray(reply)) {
    throw new RedoubtError(
      "REPLY_PROTOCOL",
      `${address} answered HELLO with something that is no description`,
      {
        address,
        stage: "auth",
      },
    );
  }
  const hello = reply as Record<string, unknown>;
  const text = (key: string): string | null =>
    typeof hello[key] === "string" ? (hello[key] as string) : null;
  return {
    protocol: hello["proto"] === 2 ? 2 : 3,
    server: { product: text("server"), version: text("version"), mode: text("mode"), role: text("role") },
  };
}

/**
 * What follows once logged in. Name and library are courtesies that a server may refuse (ACL, age, proxies); the
 * database is not.
 * @returns what was set, for the report
 * @throws RedoubtError when the database cannot be selected
 */
export async function setUp(
  wire: Wire,
  session: Session,
  address: string,
  signal: AbortSignal,
): Promise<string> {
  const steps: { readonly name: string; readonly command: Command<unknown> }[] = [];
  const step = (name: string, of: typeof SELECT, args: RedisArgument[]): void => {
    steps.push({ name, command: command(of, args) });
  };
  if (session.clientName !== null) step(`name ${session.clientName}`, CLIENT_SETNAME, [session.clientName]);
  if (session.library !== null) {
    step("library", CLIENT_SETINFO, ["LIB-NAME", session.library.name]);
    step("library version", CLIENT_SETINFO, ["LIB-VER", session.library.version]);
  }
  if (session.database !== 0) step(`database ${session.database}`, SELECT, [String(session.database)]);
  if (steps.length === 0) return "nothing to set";
  const replies = await exchange(
    wire,
    steps.map((each) => each.command),
    signal,
  );
  const done: string[] = [];
  for (const [i, { name, command: sent }] of steps.entries()) {
    const reply = replies[i];
    if (!(reply instanceof ReplyError)) done.push(name);
    else if (sent.spec === SELECT) {
      throw new RedoubtError(
        reply.code,
        `${address} does not let this connection use database ${session.database}: ${reply.message}`,
        {
          address,
          stage: "setup",
          cause: reply,
        },
      );
    }
  }
  return done.length === 0 ? "nothing that the server allows" : done.join(", ");
}
