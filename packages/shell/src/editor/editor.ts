import { createInterface, type Interface } from "node:readline";
import type { History } from "./history.ts";

/** Between an escape and what belongs to it, ms: a sequence of keys arrives at once. */
const escapeTimeout = 50;

export interface EditorOptions {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  readonly history: History;
  /** What a line may be completed to. */
  readonly complete: (line: string) => string[];
  /** What is shown in grey behind the line; empty for nothing. */
  readonly hint: (line: string) => string;
}

/** What came of asking for a line: the line, or that Ctrl-C or Ctrl-D was pressed. */
export type Typed = { readonly line: string } | "interrupt" | "end";

interface Key {
  readonly name?: string;
  readonly ctrl?: boolean;
}

/** Lines from a terminal: editing, history, completion, hints. What is printed meanwhile goes above the line. */
export class Editor {
  readonly #options: EditorOptions;
  readonly #interface: Interface;
  readonly #typed: Typed[] = [];
  #waiter: ((typed: Typed) => void) | null = null;
  #isAsking = false;
  #hasHint = false;
  /** Called for Ctrl-C while no line is asked for. */
  onInterrupt: (() => void) | null = null;

  constructor(options: EditorOptions) {
    this.#options = options;
    const { input, output, history, complete } = options;
    // Before readline's own listener, which moves on to the next line: the hint must not stay behind.
    input.on("keypress", this.#before);
    this.#interface = createInterface({
      input,
      output,
      terminal: true,
      history: [...history.lines],
      historySize: 1000,
      removeHistoryDuplicates: false,
      escapeCodeTimeout: escapeTimeout,
      completer: (line: string) => [complete(line), line],
    });
    input.on("keypress", this.#after);
    this.#interface.on("line", (line) => this.#tell({ line }));
    this.#interface.on("SIGINT", () => {
      if (!this.#isAsking) this.onInterrupt?.();
      else if (this.#interface.line === "") this.#tell("interrupt");
      else this.#clear();
    });
    this.#interface.on("close", () => this.#tell("end"));
  }

  /** Asks for a line. */
  ask(prompt: string): Promise<Typed> {
    this.#interface.setPrompt(prompt);
    this.#isAsking = true;
    const first = this.#typed.shift();
    if (first !== undefined) {
      this.#isAsking = false;
      return Promise.resolve(first);
    }
    this.#interface.prompt(true);
    return new Promise((resolve) => {
      this.#waiter = (typed) => {
        this.#isAsking = false;
        resolve(typed);
      };
    });
  }

  /** Takes the last line out of what the arrow keys give back. */
  forget(): void {
    const { history } = this.#interface as Interface & { history?: string[] };
    history?.shift();
  }

  /** Changes the prompt of the line that is being typed. */
  prompt(prompt: string): void {
    this.#interface.setPrompt(prompt);
    if (this.#isAsking) this.#interface.prompt(true);
  }

  /** Prints something above the line that is being typed. */
  above(print: () => void): void {
    if (!this.#isAsking) return print();
    this.#options.output.write("\r\u001b[J");
    print();
    this.#interface.prompt(true);
  }

  close(): void {
    this.#options.input.off("keypress", this.#before).off("keypress", this.#after);
    this.#interface.close();
  }

  #clear(): void {
    this.#interface.write(null, { ctrl: true, name: "e" });
    this.#interface.write(null, { ctrl: true, name: "u" });
  }

  readonly #before = (_text: string, key: Key | undefined): void => {
    if (this.#isAsking && (key?.name === "return" || key?.name === "enter")) this.#unhint();
  };

  readonly #after = (): void => {
    if (!this.#isAsking) return;
    this.#unhint();
    const { line, cursor } = this.#interface;
    const { rows, cols } = this.#interface.getCursorPos();
    // Behind a line that is longer than the screen there is no room.
    if (cursor !== line.length || rows > 0) return;
    const hint = this.#options.hint(line);
    const shown = hint.slice(0, Math.max(0, this.#options.output.columns - cols - 1));
    if (shown === "") return;
    this.#options.output.write(`\u001b[90m${shown}\u001b[39m\u001b[${shown.length}D`);
    this.#hasHint = true;
  };

  /** Takes the hint away; the cursor may have moved back into the line by now. */
  #unhint(): void {
    if (!this.#hasHint) return;
    this.#hasHint = false;
    const { line, cursor } = this.#interface;
    const back = line.length - cursor;
    this.#options.output.write(back > 0 ? `\u001b[${back}C\u001b[K\u001b[${back}D` : "\u001b[K");
  }

  #tell(typed: Typed): void {
    const waiter = this.#waiter;
    this.#waiter = null;
    if (waiter !== null) waiter(typed);
    // Lines that are pasted arrive before they are asked for.
    else if (typed === "end" || typeof typed === "object") this.#typed.push(typed);
  }
}
