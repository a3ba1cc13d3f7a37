// Started by guard.test.ts: starts a server, tells about it, and waits to be killed.
import { startServer } from "@redoubt/server";

const server = await startServer(JSON.parse(process.argv[2] ?? "{}"));
process.stdout.write(`${JSON.stringify({ pid: server.pid, caFile: server.caFile })}\n`);
if (process.argv[3] === "wait") setInterval(() => {}, 1_000);
