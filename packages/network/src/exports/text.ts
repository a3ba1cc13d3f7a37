import { RedoubtError } from "@redoubt/client";

/** A file to read, with its content. */
export interface ExportFile {
  /** As it was named. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * The JSON documents of a file: one, or several behind each other, as `az … >> file` leaves them. UTF-8 with or without a mark at
 * the beginning, or UTF-16, as PowerShell writes it.
 *
 * @throws RedoubtError `CONFIG_SYNTAX` with file, line and column for what is no JSON
 */
export function documentsOf({ name, bytes }: ExportFile): unknown[] {
  const text = decoded(bytes);
  if (text.trim() === "") return [];
  try {
    return [JSON.parse(text)];
  } catch (whole) {
    const found: unknown[] = [];
    let start = 0;
    for (const end of ends(text)) {
      try {
        found.push(JSON.parse(text.slice(start, end)));
      } catch (cause) {
        throw broken(name, text, start, cause);
      }
      start = end;
    }
    if (found.length === 0 || text.slice(start).trim() !== "")
      throw broken(name, text, start, found.length === 0 ? whole : undefined);
    return found;
  }
}

function decoded(bytes: Uint8Array): string {
  const [a, b] = bytes;
  if (a === 0xff && b === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (a === 0xfe && b === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  return new TextDecoder("utf-8").decode(bytes);
}

/** Where each object or list of the outermost level ends. */
function* ends(text: string): Generator<number> {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (inString) {
      if (char === "\\") at++;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === "{" || char === "[") depth++;
    else if ((char === "}" || char === "]") && --depth === 0) yield at + 1;
  }
}

/** The text itself is not repeated: an export may hold keys. */
function broken(name: string, text: string, start: number, cause: unknown): RedoubtError {
  const [, offset] = /position (\d+)/.exec(cause instanceof Error ? cause.message : "") ?? [];
  const position = start + Number(offset ?? 0);
  const before = text.slice(0, position).split("\n");
  const place = `${name}:${before.length}:${(before.at(-1) ?? "").length + 1}`;
  return new RedoubtError("CONFIG_SYNTAX", `${place}: this is not JSON`, {
    position,
    hint: "Export with -o json, and keep what az says on stderr out of the file.",
  });
}
