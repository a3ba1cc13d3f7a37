import { type CheckRow, rowOf } from "../row.ts";

const row = rowOf("server");

/** Checks of the area `server`. */
export const serverRows = {
  "server-loading": row("error", 0.9, "The server is loading its data", "Wait."),
  "server-clients": row(
    "error",
    0.9,
    "The server has no connection left, or nearly so",
    "Share connections, or raise the limit.",
  ),
  "server-protected": row(
    "error",
    0.95,
    "The server runs in protected mode",
    "It is not the managed one: check host and port.",
  ),
  "server-not-redis": row("error", 0.9, "What answers is not Redis", "Check host and port."),
  "server-database": row("error", 0.95, "The database does not exist", "Use database 0."),
  "server-replica": row("warning", 0.6, "The server is a replica: it refuses writes", "Dial the primary."),
  "server-memory": row("warning", 0.6, "Memory is nearly full", "Scale up, delete, or let keys be evicted."),
  "server-idle-timeout": row(
    "info",
    0.3,
    "The server closes connections that are silent",
    "Send something more often, or keep the client's heartbeat.",
  ),
  "server-clock": row(
    "warning",
    0.4,
    "The clocks of server and machine differ",
    "Set the clock of this machine by NTP.",
  ),
  "server-slow": row(
    "warning",
    0.4,
    "Replies take long",
    "Bring client and server into one region; look at the slow log.",
  ),
  "server-idle-cut": row(
    "warning",
    0.8,
    "Silent connections are cut",
    "Send something more often than that.",
  ),
  "server-set-get": row("error", 0.9, "A key cannot be written and read", "See what the server said."),
  "other-failure": row("error", 0.05, "Connecting fails", "See the page of the error."),
} as const satisfies Record<string, CheckRow>;
