import { Buffer } from "node:buffer";
import { Stunnel } from "./stunnel.ts";
import { becomeUser } from "./user.ts";
import { type Answer, type Order, problemMessage } from "./worker-messages.ts";

// A process that does the work of a tunnel, together with others; the first process gives it orders and opens its listeners.
let tunnel: Stunnel | null = null;

/** How often is looked whether the first process is there, ms. */
const watchInterval = 2000;

// Whoever means the tunnel sends these to the whole group; the first process decides what they mean.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2"] as const)
  process.on(signal, () => {});

// Without the first process nothing is accepted any more. Its end is told by the channel; where that says nothing, as when the
// process starved before it was killed, by whose child this one is.
process.on("disconnect", () => process.exit(0));
const first = process.ppid;
setInterval(() => {
  if (process.ppid !== first) process.exit(0);
}, watchInterval).unref();

process.on("message", (order: Order) => {
  void obey(order)
    .catch((error: unknown) => ({ problem: problemMessage(error), lines: [] }))
    .then((answer) => {
      process.send?.(answer satisfies Answer);
      if (order.order === "stop") process.disconnect?.();
    });
});

// What is sent before this module listens is lost: a worker of a cluster listens to itself from the beginning.
process.send?.({ problem: null, lines: [] } satisfies Answer);

async function obey(order: Order): Promise<Answer> {
  switch (order.order) {
    case "start":
      tunnel = await Stunnel.start(
        { file: order.file },
        { share: { index: order.index, of: order.of, ticketKeys: Buffer.from(order.ticketKeys, "base64") } },
      );
      break;
    case "become":
      if (tunnel !== null) becomeUser(tunnel.process);
      break;
    case "reload": {
      const problem = await tunnel?.reload();
      if (problem !== undefined && problem !== null) throw problem;
      break;
    }
    case "reopen":
      tunnel?.reopenLog();
      break;
    case "list":
      return { problem: null, lines: tunnel?.connections ?? [] };
    case "stop":
      await tunnel?.stop(order.drain);
  }
  return { problem: null, lines: [] };
}
