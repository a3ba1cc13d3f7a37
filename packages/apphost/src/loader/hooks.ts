import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { cacheFolder, StripCache } from "./strip-cache.ts";

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

const library = "@swc/wasm-typescript";
const { version } = createRequire(import.meta.url)(`${library}/package.json`) as { version: string };
const cache = new StripCache(cacheFolder(process.env), version);

/**
 * Node's hook for the text of a module: files that end in `.ts` or `.mts` lose their types, everything else is Node's affair.
 * @throws SyntaxError with path, line and column for what is no TypeScript, or cannot be erased
 */
export async function load(url: string, context: object, nextLoad: NextLoad): Promise<Loaded> {
  if (!url.startsWith("file:") || !/\.m?ts$/.test(new URL(url).pathname)) return nextLoad(url, context);
  const path = fileURLToPath(url);
  const source = await readFile(path, "utf8");
  const known = await cache.get(source);
  if (known !== null) return { format: "module", source: known, shortCircuit: true };
  const stripped = await strip(source, path);
  await cache.set(source, stripped);
  return { format: "module", source: stripped, shortCircuit: true };
}

async function strip(source: string, path: string): Promise<string> {
  const { default: swc } = await import("@swc/wasm-typescript");
  try {
    return swc.transformSync(source, { mode: "strip-only", filename: path }).code;
  } catch (error) {
    const { message = String(error), startLine, startColumn } = error as StripFailure;
    const place = startLine === undefined ? "" : `:${startLine}:${(startColumn ?? 0) + 1}`;
    throw new SyntaxError(`${path}${place}: ${message}`);
  }
}
