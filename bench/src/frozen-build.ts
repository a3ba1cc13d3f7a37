import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { benchFolder } from "./clients/contender.ts";

/** A copy of the client as it is built now: whoever goes on working must not change what is being measured. */
export class FrozenBuild implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), "redoubt-bench-"));
  /** Folder `dist` of the copy. */
  readonly dist: string = join(this.#folder, "dist");

  constructor() {
    cpSync(join(benchFolder, "../packages/client/dist"), this.dist, { recursive: true });
    writeFileSync(join(this.#folder, "package.json"), '{ "type": "module" }\n');
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
