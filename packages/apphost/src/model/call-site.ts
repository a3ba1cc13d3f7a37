import { relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** Where in the user's file something was asked for. */
export interface CallSite {
  /** The call: `addRedis`. */
  readonly call: string;
  /** Path of the file; `null` where the stack does not tell. */
  readonly file: string | null;
  /** From 1; 0 where the stack does not tell. */
  readonly line: number;
  readonly column: number;
}

/** The folder of this package's code: frames below it are ours. */
const own = fileURLToPath(new URL("..", import.meta.url));
const frame = /^\s+at (?:(?:async )?(.+?) \()?(.+?):(\d+):(\d+)\)?$/;
/** Frames of ours that may lie between the user's call and this file. */
const depth = 40;

/** The nearest frame of the stack that is not of this package, with the call of this package that was made there. */
export function callSite(): CallSite {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = depth;
  const { stack = "" } = new Error("call site");
  Error.stackTraceLimit = limit;
  let call = "";
  for (const text of stack.split("\n")) {
    const found = frame.exec(text);
    if (found === null) continue;
    const [, name = "", place = "", line, column] = found;
    const file = pathOf(place);
    if (file === null) continue;
    if (file.startsWith(own)) {
      call = name.startsWith("new ") ? name : name.slice(name.lastIndexOf(".") + 1);
      continue;
    }
    return { call, file, line: Number(line), column: Number(column) };
  }
  return { call, file: null, line: 0, column: 0 };
}

/** `addRedis at apphost.ts:12:7`; the path is relative to the working directory where it lies below it. */
export function describeCallSite({ call, file, line, column }: CallSite): string {
  if (file === null) return call;
  const near = relative(process.cwd(), file);
  const shown = near === "" || near.startsWith(`..${sep}`) ? file : near;
  return `${call === "" ? "" : `${call} at `}${shown}:${line}:${column}`;
}

/** `null` for what is no file: Node's own modules, evaluated text. */
function pathOf(place: string): string | null {
  if (place.startsWith("file:")) return fileURLToPath(place.replace(/\?.*$/, ""));
  return place.startsWith("/") || /^[A-Za-z]:[\\/]/.test(place) ? place : null;
}
