import type { Snapshot } from "../model/snapshot.ts";
import type { Engine } from "./engine.ts";
import { calm, type Terminal } from "./logs/log-printer.ts";

const colours: Readonly<Record<string, number>> = {
  Running: 32,
  Finished: 32,
  Waiting: 36,
  ValueMissing: 33,
  FailedToStart: 31,
  Exited: 31,
};

/** Says what becomes of resources, a line each time, and when all of them are well. */
export class StateTeller {
  readonly #terminal: Terminal;
  readonly #engine: Engine;
  readonly #told = new Map<string, string>();
  readonly #begun = performance.now();
  #wasWell = false;

  constructor(terminal: Terminal, engine: Engine) {
    this.#terminal = terminal;
    this.#engine = engine;
  }

  begin(): void {
    const names = this.#engine.snapshots().map(({ name }) => name);
    this.say(`Running ${this.#engine.app.file}: ${names.join(", ") || "no resources"}. Ctrl-C stops it.`);
    this.#engine.watch((snapshot) => this.#hear(snapshot));
  }

  say(text: string): void {
    this.#terminal.write(`${calm(text, false)}\n`);
  }

  #hear(snapshot: Snapshot): void {
    const { name, state, health, message } = snapshot;
    const words = `${state}${health === undefined || health === "healthy" ? "" : `, ${health}`}`;
    const told = [words, message].filter(Boolean).join(": ");
    const url =
      state === "Running" && health === "healthy" ? snapshot.urls.map((one) => one.url).join(" ") : "";
    const line = url === "" ? told : `${told} at ${url}`;
    // A parameter that has its value is nothing to tell.
    const quiet = snapshot.type === "parameter" && state !== "ValueMissing" && !this.#told.has(name);
    // What is about to be ready is told when it is.
    const passing = state === "Starting" || (state === "Running" && health === undefined);
    if (!quiet && !passing && this.#told.get(name) !== line) {
      this.#told.set(name, line);
      const colour = this.#terminal.colour ? (health === "unhealthy" ? 33 : colours[state]) : undefined;
      const text = calm(line, false);
      this.#terminal.write(
        `${name}: ${colour === undefined ? text : `\u001b[${colour}m${text}\u001b[39m`}\n`,
      );
    }
    this.#tellAll();
  }

  /** Once, when everything that was to run runs. */
  #tellAll(): void {
    if (this.#wasWell) return;
    const all = this.#engine
      .snapshots()
      .filter(({ state }) => state !== "NotStarted" && state !== "Finished");
    const well = all.every((one) => this.#engine.isReady(one.name));
    if (!well || all.length === 0) return;
    this.#wasWell = true;
    const seconds = ((performance.now() - this.#begun) / 1000).toFixed(1);
    this.say(`All ${all.length} resources are healthy after ${seconds} s.`);
  }
}
