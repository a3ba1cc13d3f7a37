export { type Speech, speechOf } from "./bytes/first-byte.ts";
export { type Pipe, type PipeEnd, type PipeOptions, type PipeReason, pipe } from "./bytes/pipe.ts";
