/** One of several answers. */
export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly hint?: string;
}

/** A person who can be asked. */
export interface Questions {
  /** @returns the value of a choice */
  choose(question: string, choices: readonly Choice[], signal: AbortSignal): Promise<string>;
  /** @param problem says what is wrong with an answer, or nothing */
  text(
    question: string,
    options: { readonly initial?: string; readonly problem?: (answer: string) => string | undefined },
    signal: AbortSignal,
  ): Promise<string>;
  confirm(question: string, signal: AbortSignal): Promise<boolean>;
}
