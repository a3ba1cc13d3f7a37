import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Lab } from "../../../src/lab/lab.ts";
import { insideLab } from "../../../src/lab/runner/inside.ts";
import type { Protocol } from "../../../src/model/rule.ts";

const script = fileURLToPath(new URL("prober.mjs", import.meta.url));

/** Tries flows from one machine of a laboratory. */
export class Prober implements Disposable {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (reached: boolean) => void>();
  #next = 0;

  constructor(lab: Lab, machine: string) {
    const { file, words } = insideLab(lab, machine, [process.execPath, script]);
    this.#child = spawn(file, [...words], { stdio: ["pipe", "pipe", "inherit"] });
    if (this.#child.stdout === null) throw new Error("no stdout");
    createInterface({ input: this.#child.stdout }).on("line", (line) => {
      const { id, reached } = JSON.parse(line) as { id: number; reached: boolean };
      this.#waiting.get(id)?.(reached);
      this.#waiting.delete(id);
    });
  }

  /** Whether a packet gets there, and the answer comes back. */
  reaches(protocol: Protocol, address: string, port: number): Promise<boolean> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, resolve);
      if (this.#child.exitCode !== null) reject(new Error("the prober has ended"));
      this.#child.stdin?.write(`${JSON.stringify({ id, protocol, address, port })}\n`);
    });
  }

  [Symbol.dispose](): void {
    this.#child.kill();
  }
}
