import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Example } from "../src/docs.ts";
import { type Ended, runProgram } from "./program.ts";

/** The root of the repository. */
export const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

const commandLine = join(root, "packages/cli/dist/main.js");

/**
 * A place in which examples of the documentation run as a reader would run them: the built `redoubt` is on the PATH, the
 * built packages can be imported, and the working directory is an empty one.
 */
export class Workbench implements Disposable {
  readonly #directory = mkdtempSync(join(tmpdir(), "redoubt-docs-"));
  // Inside the repository, so that `@redoubt/…` resolves to the packages.
  readonly #modules = join(root, ".redoubt", `docs-${process.pid}`);
  readonly #env: Readonly<Record<string, string>>;

  /**
   * @param env what the examples find in their environment, besides PATH and HOME
   * @throws Error when the command line was not built
   */
  constructor(env: Readonly<Record<string, string>>) {
    if (!existsSync(commandLine)) throw new Error("The packages are not built: npm run build.");
    const bin = join(this.#directory, "bin");
    mkdirSync(bin);
    mkdirSync(join(this.#directory, "work"));
    mkdirSync(this.#modules, { recursive: true });
    // Files that shell blocks write, an apphost.ts for example, import the packages, too.
    symlinkSync(join(root, "node_modules"), join(this.#directory, "node_modules"));
    writeScript(join(bin, "redoubt"), `exec "${process.execPath}" "${commandLine}" "$@"`);
    writeScript(join(bin, "npx"), '[ "$1" = @redoubt/cli ] && { shift; set -- redoubt "$@"; }; exec "$@"');
    const PATH = [bin, process.env["PATH"] ?? ""].join(delimiter);
    this.#env = { PATH, HOME: this.#directory, NO_COLOR: "1", ...env };
  }

  /** Runs a program for at most 60 s. */
  run(file: string, args: readonly string[]): Promise<Ended> {
    return runProgram(file, args, { cwd: join(this.#directory, "work"), env: this.#env, timeout: 60_000 });
  }

  /**
   * Compiles TypeScript as a strict consumer of the built packages would, for {@link Workbench.runExample}.
   *
   * @returns the compiler's word; also with type errors the examples can be run
   */
  async compile(examples: readonly Example[]): Promise<Ended> {
    for (const example of examples) {
      // Without an import or export the file would be a script, and share its names with the others.
      writeFileSync(join(this.#modules, `${nameOf(example)}.ts`), `${example.text}\nexport {};\n`);
    }
    const config = {
      extends: join(root, "tsconfig.base.json"),
      compilerOptions: {
        composite: false,
        declaration: false,
        noUnusedLocals: false,
        noPropertyAccessFromIndexSignature: false,
        customConditions: [],
        typeRoots: [join(root, "node_modules/@types")],
      },
      files: examples.map((example) => `${nameOf(example)}.ts`),
    };
    const path = join(this.#modules, "tsconfig.json");
    writeFileSync(path, JSON.stringify(config));
    return this.run(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", path]);
  }

  /** Runs a block of shell (it stops at the first command that fails), or of TypeScript that was compiled. */
  runExample(example: Example): Promise<Ended> {
    return example.language === "sh"
      ? this.run("sh", ["-eu", "-c", example.text])
      : this.run(process.execPath, [join(this.#modules, `${nameOf(example)}.js`)]);
  }

  [Symbol.dispose](): void {
    rmSync(this.#modules, { recursive: true, force: true });
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

function nameOf({ document, line }: Example): string {
  return `${document.replaceAll(/[^\w-]/g, "_")}-${line}`;
}

function writeScript(path: string, line: string): void {
  writeFileSync(path, `#!/bin/sh\n${line}\n`);
  chmodSync(path, 0o755);
}
