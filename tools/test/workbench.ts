import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { transformWithOxc } from "vite";
import type { Example } from "../src/docs.ts";

/** The root of the repository. */
export const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

const commandLine = join(root, "packages/cli/dist/main.js");

/** How a program ended. */
export interface Ended {
  /** `null` when it was killed, because its time was over. */
  readonly code: number | null;
  /** stdout and stderr as they came. */
  readonly output: string;
}

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
    writeScript(join(bin, "redoubt"), `exec "${process.execPath}" "${commandLine}" "$@"`);
    writeScript(join(bin, "npx"), 'exec "$@"');
    const PATH = [bin, process.env["PATH"] ?? ""].join(delimiter);
    this.#env = { PATH, HOME: this.#directory, NO_COLOR: "1", ...env };
  }

  /** Runs a program for at most 20 s. */
  run(file: string, args: readonly string[]): Promise<Ended> {
    return new Promise((resolve, reject) => {
      const child = spawn(file, args, {
        cwd: join(this.#directory, "work"),
        env: this.#env,
        stdio: ["ignore", "pipe", "pipe"],
        timeout: 20_000,
        killSignal: "SIGKILL",
      });
      let output = "";
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding("utf8").on("data", (text: string) => {
          output += text;
        });
      }
      child.once("error", reject);
      child.once("close", (code) => resolve({ code, output }));
    });
  }

  /** Runs a block of shell (it stops at the first command that fails) or of TypeScript. */
  async runExample({ language, text }: Example): Promise<Ended> {
    if (language === "sh") return this.run("sh", ["-eu", "-c", text]);
    const { code } = await transformWithOxc(text, "example.ts");
    const file = join(this.#modules, "example.mjs");
    writeFileSync(file, code);
    return this.run(process.execPath, [file]);
  }

  /** Type-checks TypeScript as a strict consumer of the packages would. */
  async checkTypes(examples: readonly Example[]): Promise<Ended> {
    const files = examples.map(({ document, line, text }) => {
      const name = `${document.replaceAll(/[^\w-]/g, "_")}-${line}.ts`;
      // Without an import or export the file would be a script, and share its names with the others.
      writeFileSync(join(this.#modules, name), `${text}\nexport {};\n`);
      return name;
    });
    const config = {
      extends: join(root, "tsconfig.base.json"),
      compilerOptions: {
        noEmit: true,
        composite: false,
        noUnusedLocals: false,
        noPropertyAccessFromIndexSignature: false,
        customConditions: [],
        typeRoots: [join(root, "node_modules/@types")],
      },
      files,
    };
    const path = join(this.#modules, "tsconfig.json");
    writeFileSync(path, JSON.stringify(config));
    return this.run(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", path]);
  }

  [Symbol.dispose](): void {
    rmSync(this.#modules, { recursive: true, force: true });
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

function writeScript(path: string, line: string): void {
  writeFileSync(path, `#!/bin/sh\n${line}\n`);
  chmodSync(path, 0o755);
}
