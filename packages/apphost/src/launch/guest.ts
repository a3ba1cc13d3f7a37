// Started by `node --import` in an app's process: what the file throws is told to the program that started it, so that it looks
// like every other failure. What is no error of Redoubt is a fault of the file: its stack says where.
import { writeSync } from "node:fs";
import { inspect } from "node:util";
import { describeFailure, ParentChannel } from "./parent.ts";

const channel = ParentChannel.open();

process.on("uncaughtException", (error: unknown) => {
  const failure = describeFailure(error);
  if (channel === null || failure.code === null) writeSync(process.stderr.fd, `${inspect(error)}\n`);
  const leave = (): never => process.exit(1);
  if (channel === null) leave();
  else void channel.tell({ type: "failure", failure }).then(leave);
});
