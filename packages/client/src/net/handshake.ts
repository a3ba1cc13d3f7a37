import { type Command, command, type RedisArgument, spec } from "../commands/command.ts";
import { mask } from "../config/secret.ts";
import { type ErrorCode, RedoubtError, ReplyError } from "../errors.ts";
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
  /** Whether a server that wants a password may go without for now. */
  readonly loginLater?: boolean;
}

/** What came of logging in. */
export interface LoggedIn {
  readonly protocol: 2 | 3;
  readonly server: ServerReport;
  /** What was sent along with the login, for {@link setUp}. */
  readonly steps: readonly Step[];
  /** Replies to the login and to the steps, which may still be on their way. */
  readonly replies: Promise<readonly unknown[]>;
}

const unknownServer: ServerReport = { product: null, version: null, mode: null, role: null };

const HELLO = spec("HELLO", { keys: null, shape: "object" });
const AUTH = spec("AUTH", { keys: null });
const PING = spec("PING", { keys: null });
const SELECT = spec("SELECT", { keys: null });
const CLIENT_SETNAME = spec("CLIENT SETNAME", { keys: null });
const CLIENT_SETINFO = spec("CLIENT SETINFO", { keys: null });

/**
 * Logs in: `HELLO 3 AUTH …`. Servers and proxies that refuse HELLO get AUTH and RESP2. What is to be set up afterwards
 * ({@link setUp} judges it) goes along, so that all takes one round trip.
 * @throws RedoubtError of the families `AUTH_` and `REPLY_`
 */
export async function logIn(
  wire: Wire,
  session: Session,
  address: string,
  signal: AbortSignal,
): Promise<LoggedIn> {
  const steps = stepsOf(session);
  const along = steps.map((step) => step.command);
  if (session.protocol === 3) {
    const credentials =
      session.password === null ? [] : ["AUTH", session.username ?? "default", session.password];
    const { first, replies } = await ask(wire, [command(HELLO, ["3", ...credentials]), ...along], signal);
    if (!(first instanceof ReplyError)) return { ...greeted(first, address), steps, replies };
    if (!isHelloRefused(first)) throw loginError(first, address, session);
    await replies;
  }
  // PING tells whether a password is wanted when none was given; AUTH tells everything else.
  const credentials =
    session.username === null ? [session.password ?? ""] : [session.username, session.password ?? ""];
  const login = session.password === null ? command(PING, []) : command(AUTH, credentials);
  const { first, replies } = await ask(wire, [login, ...along], signal);
  // A user who may not PING is logged in nevertheless; one who may not AUTH is not.
  const tolerated: readonly ErrorCode[] =
    session.password !== null
      ? []
      : session.loginLater
        ? ["AUTH_FORBIDDEN", "AUTH_REQUIRED"]
        : ["AUTH_FORBIDDEN"];
  if (first instanceof ReplyError && !tolerated.includes(first.code))
    throw loginError(first, address, session);
  return { protocol: 2, server: unknownServer, steps, replies };
}

/** Sends commands, and waits for the reply to the first of them only. */
async function ask(
  wire: Wire,
  commands: readonly Command<unknown>[],
  signal: AbortSignal,
): Promise<{ readonly first: unknown; readonly replies: Promise<unknown[]> }> {
  return new Promise((resolve, reject) => {
    const answer = (first: unknown): void => resolve({ first, replies });
    const alone = commands.length === 1;
    const replies = exchange(wire, commands, signal, alone ? undefined : answer);
    // What goes wrong after the first reply is told to whoever waits for the rest.
    replies.then(([first]) => answer(first), reject);
  });
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
function greeted(reply: unknown, address: string): Pick<LoggedIn, "protocol" | "server"> {
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

/** What is set up once logged in. */
interface Step {
  readonly name: string;
  readonly command: Command<unknown>;
}

function stepsOf({ clientName, library, database }: Session): Step[] {
  const steps: Step[] = [];
  const step = (name: string, of: typeof SELECT, args: RedisArgument[]): void => {
    steps.push({ name, command: command(of, args) });
  };
  if (clientName !== null) step(`name ${clientName}`, CLIENT_SETNAME, [clientName]);
  if (library !== null) {
    step("library", CLIENT_SETINFO, ["LIB-NAME", library.name]);
    step("library version", CLIENT_SETINFO, ["LIB-VER", library.version]);
  }
  if (database !== 0) step(`database ${database}`, SELECT, [String(database)]);
  return steps;
}

/**
 * Waits for the replies to what was sent along with the login, and judges them. Name and library are courtesies that a server
 * may refuse (ACL, age, proxies); the database is not.
 * @returns what was set, for the report
 * @throws RedoubtError when the database cannot be selected
 */
export async function setUp(session: Session, loggedIn: LoggedIn, address: string): Promise<string> {
  const { steps } = loggedIn;
  const [, ...replies] = await loggedIn.replies;
  if (steps.length === 0) return "nothing to set";
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
