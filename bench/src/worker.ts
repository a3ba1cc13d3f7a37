import { lineup, rawSocket } from "./clients/lineup.ts";
import type { Measurement, Task } from "./measurement.ts";
import { shapes } from "./shapes/table.ts";

/** What a measuring process answers: null where the client cannot do what was asked. */
export type Answer = { readonly version: string; readonly found: Measurement } | null;

/** One client, one shape, one process: it gets its task from its parent, answers, and ends. */
async function perform(task: Task): Promise<Answer> {
  const shape = shapes[task.shape];
  if (shape === undefined) throw new Error(`there is no shape ${task.shape}`);
  if (task.contender === rawSocket) {
    const found = await shape.measureRaw?.(task);
    return found === undefined ? null : { version: process.version, found };
  }
  const entrant = lineup[task.contender];
  if (entrant === undefined) throw new Error(`there is no client ${task.contender}`);
  const contender = await entrant.load(task.dist);
  const found = await shape.measure(contender, task);
  return found === null ? null : { version: contender.version, found };
}

process.once("message", (task) => {
  void perform(task as Task).then((answer) => {
    // Some clients keep the process alive after they were closed.
    process.send?.(answer, () => process.exit(0));
  });
});
