/** A fenced block: three or more backticks or tildes, with the words behind them. */
export interface Fence {
  /** Line of the opening mark, from 1. */
  readonly line: number;
  /** First word behind the mark, empty when there is none. */
  readonly language: string;
  /** The words after it. */
  readonly words: readonly string[];
  /** What is between the marks, with the indentation of the opening mark taken away. */
  readonly text: string;
}

/** A document taken apart: what is prose, and what is in fences. */
export interface Markdown {
  /** All lines; those of fences are empty, so that numbers stay. */
  readonly prose: readonly string[];
  readonly fences: readonly Fence[];
}

/** Takes a document apart. A fence that is never closed goes to the end, as in CommonMark. */
export function readMarkdown(text: string): Markdown {
  const prose: string[] = [];
  const fences: Fence[] = [];
  let open: { mark: string; indent: number; line: number; info: string[]; body: string[] } | null = null;
  const close = (): void => {
    if (open === null) return;
    const [language = "", ...words] = open.info;
    fences.push({ line: open.line, language, words, text: open.body.map((line) => `${line}\n`).join("") });
    open = null;
  };
  for (const [index, line] of text.split("\n").entries()) {
    const [, indent = "", mark = "", info = ""] = /^(\s*)(`{3,}|~{3,})([^`]*)$/.exec(line) ?? [];
    if (open === null && mark === "") {
      prose.push(line);
      continue;
    }
    prose.push("");
    if (open === null) {
      open = {
        mark,
        indent: indent.length,
        line: index + 1,
        info: info.split(/\s+/).filter(Boolean),
        body: [],
      };
    } else if (mark.startsWith(open.mark) && info.trim() === "") close();
    else open.body.push(line.slice(Math.min(open.indent, line.length - line.trimStart().length)));
  }
  close();
  return { prose, fences };
}

/** The headings of a document, without their `#`. */
export function headings({ prose }: Markdown): string[] {
  return prose.flatMap((line) => /^#+ (.*)$/.exec(line)?.[1] ?? []);
}
