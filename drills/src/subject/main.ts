import { Crew } from "./crew.ts";
import { Pipe } from "./pipe.ts";
import type { Plan, Token } from "./plan.ts";

// The process with the clients of a drill. The stage, which started it, tells it what to do; once that is over nothing
// may keep it from ending by itself.

let crew: Crew | null = null;
let leaving = false;

function opened(): Crew {
  if (crew === null) throw new Error("nothing is open");
  return crew;
}

const pipe = new Pipe(process, {
  open: async (plan: Plan) => {
    crew = await Crew.open(plan, () => pipe.ask<Token>("token"));
  },
  load: () => opened().start(),
  fault: () => opened().markFault(),
  flows: () => opened().flows(),
  certificates: () => opened().certificates,
  newcomer: () => opened().newcomer(),
  finish: () => opened().finish(),
  leave: () => {
    leaving = true;
    // After the answer. (Were it the stage that hangs up, Node would not tell it when this process has ended.)
    setImmediate(() => process.disconnect());
  },
});

// The stage died: nobody looks at this process any more.
process.once("disconnect", () => {
  if (!leaving) process.exit(1);
});
