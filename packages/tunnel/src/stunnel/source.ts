import { type ParsedFile, parseFile, parseText } from "./parse.ts";

/** Where the configuration comes from: a file, read again at every reload, or its text. */
export type StunnelSource =
  | { readonly file: string }
  | {
      readonly text: string;
      /** What the text is called in messages. Default `stunnel.conf`. */
      readonly name?: string;
    };

/**
 * Reads it.
 * @throws RedoubtError `CONFIG_FILE` when the file cannot be read
 */
export function parseSource(source: StunnelSource): ParsedFile {
  return "file" in source ? parseFile(source.file) : parseText(source.text, source.name ?? "stunnel.conf");
}
