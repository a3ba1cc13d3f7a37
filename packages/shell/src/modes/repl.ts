import { RedoubtError } from "@redoubt/client";
import type { TypedReply } from "@redoubt/client/protocol";
import { Editor, type Typed } from "../editor/editor.ts";
import { History, historyPath } from "../editor/history.ts";
import { isSensitive } from "../editor/sensitive.ts";
import { argumentHint } from "../hints/argument-hint.ts";
import { builtInDocs } from "../hints/built-in.ts";
import type { CommandDoc } from "../hints/command-doc.ts";
import { completions } from "../hints/complete.ts";
import { helpText } from "../hints/help.ts";
import { loadDocs } from "../hints/load.ts";
import { toByteText, toText } from "../line/bytes.ts";
import { splitLine } from "../line/split.ts";
import { formatPush, formatReply } from "../reply/format.ts";
import { promptText } from "../session/place.ts";
import { question } from "./confirm.ts";
import { failureText } from "./failure-text.ts";
import { issue } from "./issue.ts";
import { type Lines, pipedLines, typedLines } from "./lines.ts";
import { type Preferences, readPreferences, setPreference } from "./preferences.ts";
import { type Scene, talk } from "./scene.ts";

/** From so many ms on it is said how long a command took. */
const remarkable = 500;

/** What came of a line: whether to go on. */
type Outcome = "next" | "leave";

/** Reads commands until there are no more: from a terminal with all comfort, or from a pipe. @returns the exit code */
export async function runRepl(scene: Scene): Promise<number> {
  return new Repl(scene).run();
}

class Repl {
  readonly #scene: Scene;
  readonly #history: History | null;
  readonly #editor: Editor | null;
  readonly #lines: Lines;
  readonly #preferences: Preferences = { hints: true };
  #docs: readonly CommandDoc[] | null = null;
  #isInterrupted = false;

  constructor(scene: Scene) {
    const { world, guard } = scene;
    const isTerminal = world.stdin.isTTY;
    this.#history = isTerminal ? new History(historyPath(world.environment)) : null;
    this.#editor = this.#history === null ? null : this.#edit(this.#history, scene);
    this.#lines = this.#editor === null ? pipedLines(world.stdin) : typedLines(this.#editor);
    this.#scene = {
      ...scene,
      settings: { ...scene.settings, repeat: 1 },
      isInteractive: isTerminal,
      guard: isTerminal
        ? guard.confirmedBy((danger, place) => this.#confirm(question(danger, place), place))
        : guard,
    };
    if (!isTerminal) return;
    const complaints = readPreferences(world.environment, this.#preferences);
    if (complaints !== "") void scene.out.write(toByteText(complaints));
  }

  async run(): Promise<number> {
    const { session } = this.#scene;
    try {
      for (;;) {
        if (this.#editor !== null) await this.#learn();
        const typed = await this.#next();
        if (typed === "end") return 0;
        if (typed === "interrupt") {
          if (session.state.subscriptions === 0) return 0;
          await this.#reconnect();
        } else if ((await this.#line(typed.line)) === "leave") return 0;
      }
    } finally {
      this.#lines.close();
    }
  }

  #edit(history: History, { world }: Scene): Editor {
    const editor = new Editor({
      input: world.stdin,
      output: world.stdout,
      history,
      complete: (line) => completions(this.#known, line),
      hint: (line) => this.#hint(line),
    });
    editor.onInterrupt = () => {
      this.#isInterrupted = true;
      this.#scene.session.close();
    };
    return editor;
  }

  get #known(): readonly CommandDoc[] {
    return this.#docs ?? builtInDocs();
  }

  #hint(line: string): string {
    if (!this.#preferences.hints) return "";
    const words = splitLine(toByteText(line));
    return words === null || words.length === 0 ? "" : argumentHint(this.#known, words, /\s$/.test(line));
  }

  async #learn(): Promise<void> {
    const { session } = this.#scene;
    const { inMulti, subscriptions } = session.state;
    // Within MULTI the question would be queued, and a subscriber may not ask.
    if (this.#docs !== null || !session.isOpen || inMulti || subscriptions > 0) return;
    this.#docs = await loadDocs(session);
  }

  async #confirm(text: string, place: string): Promise<boolean> {
    const editor = this.#editor as Editor;
    await this.#scene.out.write(toByteText(text.slice(0, text.lastIndexOf("\n") + 1)));
    const typed = await editor.ask(text.slice(text.lastIndexOf("\n") + 1));
    if (typeof typed !== "object") return false;
    editor.forget();
    return typed.line.trim() === place;
  }

  /** Asks for a line; what the server says meanwhile goes above it. */
  async #next(): Promise<Typed> {
    const { session } = this.#scene;
    const { line } = session;
    const prompt = (): string =>
      promptText({ ...session, endpoint: session.endpoint, isOpen: session.isOpen, ...this.#situation });
    const show = (): void => this.#showUnasked();
    if (line !== null) {
      line.onUnasked = show;
      line.onEnd = () => {
        session.state.broken();
        this.#editor?.prompt(prompt());
      };
      if (line.waiting > 0) show();
    }
    const typed = await this.#lines.next(prompt());
    if (line !== null) line.onUnasked = line.onEnd = null;
    return typed;
  }

  get #situation() {
    const { database, inMulti, subscriptions } = this.#scene.session.state;
    return { database, inMulti, isSubscribed: subscriptions > 0 };
  }

  #showUnasked(): void {
    const { session, format, out, settings, world } = this.#scene;
    const { line } = session;
    const print = (): void => {
      for (let arrival = line?.unasked(); arrival !== undefined; arrival = line?.unasked()) {
        const { value, isPush } = arrival;
        session.state.noteConfirmation(value);
        const isMessage = session.state.subscriptions > 0;
        if (isPush && !isMessage && !(settings.showPushes ?? world.stdout.isTTY)) continue;
        void out.write(
          isPush ? formatPush(value as readonly TypedReply[], format) : formatReply(value, format),
        );
      }
    };
    if (this.#editor === null) print();
    else this.#editor.above(print);
  }

  async #line(line: string): Promise<Outcome> {
    const { out } = this.#scene;
    // What follows a NUL is not seen by redis-cli either.
    const words = splitLine(line);
    if (words === null) {
      this.#keep(line, []);
      await out.write("Invalid argument(s)\n");
      return "next";
    }
    if (words.length === 0) return "next";
    const repeat = repeatOf(words);
    if (repeat === null) {
      await out.write("Invalid redis-cli repeat command option value.\n");
      return "next";
    }
    const command = repeat.isSaid ? words.slice(1) : words;
    this.#keep(line, command);
    const name = (command[0] as string).toLowerCase();
    if ((name === "quit" || name === "exit") && !repeat.isSaid) return "leave";
    try {
      await this.#obey(name, command, repeat.times);
    } catch (error) {
      await this.#fail(error);
    }
    return "next";
  }

  #keep(line: string, command: readonly string[]): void {
    if (isSensitive(command) || line.startsWith(" ")) this.#editor?.forget();
    else this.#history?.add(toText(line));
  }

  async #obey(name: string, words: readonly string[], repeat: number): Promise<void> {
    const { session, out, format, world } = this.#scene;
    if (name.startsWith(":")) {
      await out.write(setPreference(words, this.#preferences) ?? "");
    } else if (name === "restart") {
      await out.write("Use 'restart' only in Lua debugging mode.\n");
    } else if (name === "connect" && words.length === 3) {
      const [host, port] = [toText(words[1] as string), Number(words[2])];
      if (!Number.isInteger(port) || port < 1 || port > 65_535)
        throw new RedoubtError("CONFIG_INVALID_VALUE", "connect takes a host and a port.");
      session.move(host, port);
      await session.connect();
    } else if (name === "clear" && words.length === 1) {
      await out.write("\u001b[H\u001b[2J");
    } else if (name === "help" || name === "?") {
      await this.#learn();
      await out.write(toByteText(helpText(this.#known, words.slice(1).map(toText), world.version)));
    } else {
      const start = performance.now();
      this.#isInterrupted = false;
      await issue(this.#scene, words, repeat);
      const passed = performance.now() - start;
      if (passed >= remarkable && format.name === "tty")
        await out.write(`(${(passed / 1000).toFixed(2)}s)\n`);
    }
  }

  async #fail(error: unknown): Promise<void> {
    const { session, signal } = this.#scene;
    if (signal.aborted || !(error instanceof RedoubtError)) throw error;
    if (!session.isOpen) session.state.broken();
    if (this.#isInterrupted) return this.#reconnect();
    talk(this.#scene, failureText(error));
  }

  async #reconnect(): Promise<void> {
    this.#isInterrupted = false;
    this.#scene.session.state.broken();
    await this.#scene.out.write("\n");
    try {
      await this.#scene.session.connect();
    } catch (error) {
      await this.#fail(error);
    }
  }
}

/** `3 PING` is PING three times; null for a number that is none. */
function repeatOf(words: readonly string[]): { readonly isSaid: boolean; readonly times: number } | null {
  const [first = ""] = words;
  if (words.length < 2 || !/^[+-]?\d+$/.test(first)) return { isSaid: false, times: 1 };
  const times = Number(first);
  return times > 0 && Number.isSafeInteger(times) ? { isSaid: true, times } : null;
}
