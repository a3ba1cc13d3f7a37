import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import swc from "@swc/wasm-typescript";

/** What Node's `load` hooks hand on: the part that is used. */
interface Loaded {
  readonly format: string;
  readonly source?: string | Uint8Array | undefined;
  readonly shortCircuit?: boolean;
}

/** Node's own `load`, or the next hook. */
type NextLoad = (url: string, context: object) => Promise<Loaded>;

/** The part of the library's failures that is of use: it throws plain objects. */
interface StripFailure {
  readonly message?: string;
  readonly startLine?: number;
  readonly startColumn?: number;
}

/**
 * Node's hook for the text of a module: files that end in `.ts` or `.mts` lose their types, everything else is Node's affair.
 * @throws SyntaxError with path, line and column for what is no TypeScript, or cannot be erased
 */
export async function load(url: string, context: object, nextLoad: NextLoad): Promise<Loaded> {
  if (!url.startsWith("file:") || !/\.m?ts$/.test(new URL(url).pathname)) return nextLoad(url, context);
  const path = fileURLToPath(url);
  const source = await readFile(path, "utf8");
  try {
    const { code } = swc.transformSync(source, { mode: "strip-only", filename: path });
    return { format: "module", source: code, shortCircuit: true };
  } catch (error) {
    const { message = String(error), startLine, startColumn } = error as StripFailure;
    const place = startLine === undefined ? "" : `:${startLine}:${(startColumn ?? 0) + 1}`;
    throw new SyntaxError(`${path}${place}: ${message}`, { cause: error });
  }
}
