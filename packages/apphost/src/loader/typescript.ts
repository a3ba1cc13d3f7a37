import { fileURLToPath } from "node:url";

/** Whether this Node runs TypeScript without further words (22.18 and newer, 23.6 and newer). */
function runsTypeScript(): boolean {
  const { typescript = false } = process.features as { readonly typescript?: string | false };
  return typescript !== false;
}

/** The built file, also where the sources are run: Node must be able to read it before it can read TypeScript. */
function loader(): string {
  const built = fileURLToPath(import.meta.url).endsWith(".js");
  return new URL(built ? "register.js" : "../../dist/loader/register.js", import.meta.url).href;
}

/**
 * The flags with which this version of Node runs a file: none for JavaScript and where Node takes types away by itself; else
 * a loader that does it with the library that Node uses. Types are blanked out, so lines and columns stay. What is not
 * erasable (`enum`, `namespace`, parameter properties) is refused by both.
 */
export function typeScriptFlags(script: string): readonly string[] {
  return !/\.m?ts$/.test(script) || runsTypeScript() ? [] : ["--import", loader()];
}
