import { type ErrorCode, RedoubtError } from "@redoubt/client";
import { type LineCounter, type Node, type ParsedNode } from "yaml";

/** Where something stands in a file. */
export class Place {
  readonly #file: string;
  readonly #lines: LineCounter;

  constructor(file: string, lines: LineCounter) {
    this.#file = file;
    this.#lines = lines;
  }

  /** An error that begins with `file:line:column`; it must not repeat a value, which may be a secret. */
  error(
    code: ErrorCode,
    at: Node | ParsedNode | number | null,
    message: string,
    hint?: string,
  ): RedoubtError {
    const offset = typeof at === "number" ? at : (at?.range?.[0] ?? 0);
    const { line, col } = this.#lines.linePos(offset);
    return new RedoubtError(code, `${this.#file}:${Math.max(1, line)}:${Math.max(1, col)}: ${message}`, {
      position: offset,
      ...(hint !== undefined && { hint }),
    });
  }
}
