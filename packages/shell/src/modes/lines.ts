import { createInterface, type Interface } from "node:readline";
import type { Editor, Typed } from "../editor/editor.ts";
import { toByteText } from "../line/bytes.ts";

/** Where commands come from, line by line. */
export interface Lines {
  /** The next line as byte text. */
  next(prompt: string): Promise<Typed>;
  close(): void;
}

/** Lines of a terminal. */
export function typedLines(editor: Editor): Lines {
  return {
    next: async (prompt) => {
      const typed = await editor.ask(prompt);
      return typeof typed === "object" ? { line: toByteText(typed.line) } : typed;
    },
    close: () => editor.close(),
  };
}

/** Lines of a pipe or a file, whatever their bytes are; there is no prompt. */
export function pipedLines(input: NodeJS.ReadStream): Lines {
  input.setEncoding("latin1");
  const source: Interface = createInterface({ input, terminal: false, crlfDelay: 0 });
  const lines = source[Symbol.asyncIterator]();
  return {
    next: async () => {
      const { value, done } = await lines.next();
      return done ? "end" : { line: value };
    },
    close: () => source.close(),
  };
}
