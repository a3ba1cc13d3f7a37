/** Names of the variables in which a program that starts an app's file says what it wants. */
export const orderVariables = {
  /** `run`, `publish` or `deploy`. */
  operation: "REDOUBT_APPHOST",
  /** Options of the operation, JSON. */
  options: "REDOUBT_APPHOST_OPTIONS",
} as const;

/** A failure, without its stack and its causes: what a person is told. */
export interface ToldFailure {
  /** A code of the table of errors; `null` for an error of the user's own code, whose stack is on stderr then. */
  readonly code: string | null;
  readonly message: string;
  readonly hint: string | null;
  /** Index into a text that was parsed. */
  readonly position: number | null;
}

/** What an app's process tells the program that started it, one after the other. */
export type Told =
  /** The model is complete, and the operation begins. */
  | { readonly type: "begun"; readonly resources: number }
  /** How far it is; what operations tell is theirs. */
  | { readonly type: "event"; readonly event: unknown }
  /** What has come of it. */
  | { readonly type: "result"; readonly result: unknown }
  | { readonly type: "failure"; readonly failure: ToldFailure };

/** What the program that started an app's process tells it. */
export type Asked = {
  /** The user interrupts. */
  readonly type: "stop";
};
