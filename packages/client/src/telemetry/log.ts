import {
  type ConnectionNews,
  type ConnectTrace,
  connectChannel,
  connectionChannel,
  type LoginNews,
  loginChannel,
} from "../tracing/channels.ts";

/** One line of the log. Neither arguments nor secrets are in it. */
export interface LogEntry {
  readonly level: "debug" | "info" | "warn" | "error";
  /** For people: `connection lost`. */
  readonly message: string;
  readonly server: string | null;
  /** Of the error, if it is about one. */
  readonly code?: string;
  /** What the error says. */
  readonly reason?: string;
  /** What can be done about it. */
  readonly hint?: string;
  /** How long it took, by stage, ms. */
  readonly stages?: Readonly<Record<string, number>>;
}

/** What is worth saying, and how loud. */
const connectionWords: Readonly<Record<ConnectionNews["event"], readonly [LogEntry["level"], string]>> = {
  ready: ["info", "connection ready"],
  lost: ["warn", "connection lost"],
  failed: ["warn", "could not connect"],
  closed: ["info", "connection closed"],
};
const loginWords: Readonly<Record<LoginNews["event"], readonly [LogEntry["level"], string]>> = {
  renewed: ["debug", "logged in with renewed credentials"],
  refused: ["error", "renewed credentials refused"],
  failed: ["warn", "credentials could not be renewed"],
};

/**
 * Tells a log about the connections of all clients in this process: `logTo((entry) => logger[entry.level](entry))`.
 * @returns ends it
 */
export function logTo(write: (entry: LogEntry) => void): () => void {
  const connections = (message: unknown): void => {
    const news = message as ConnectionNews;
    // An attempt that failed has been told by the channel of connecting, with its stages.
    if (news.event !== "failed") write(entryOf(connectionWords[news.event], news));
  };
  const logins = (message: unknown): void => {
    const news = message as LoginNews;
    write(entryOf(loginWords[news.event], news));
  };
  const attempts = (message: unknown): void => {
    const { server, error = null, stages } = message as ConnectTrace;
    const words: readonly [LogEntry["level"], string] =
      error === null ? ["debug", "connected"] : connectionWords.failed;
    write({
      ...entryOf(words, { server, error }),
      stages: Object.fromEntries(stages.map(({ name, ms }) => [name, ms])),
    });
  };
  connectionChannel.subscribe(connections);
  loginChannel.subscribe(logins);
  connectChannel.asyncEnd.subscribe(attempts as never);
  return () => {
    connectionChannel.unsubscribe(connections);
    loginChannel.unsubscribe(logins);
    connectChannel.asyncEnd.unsubscribe(attempts as never);
  };
}

function entryOf(
  [level, message]: readonly [LogEntry["level"], string],
  { server, error }: Pick<ConnectionNews, "server" | "error">,
): LogEntry {
  if (error === null) return { level, message, server };
  return {
    level: level === "info" ? "error" : level,
    message,
    server,
    code: error.code,
    reason: error.message,
    hint: error.hint,
  };
}
