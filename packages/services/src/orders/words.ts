import type { Failure } from "../state/line-server.ts";

/** What a keeper is told: one line of JSON for each. */
export interface Order {
  readonly order: string;
  readonly arguments?: Readonly<Record<string, unknown>>;
}

/** What it answers: any number of `progress`, then one of the others. One line of JSON each. */
export type Answer = { readonly progress: string } | { readonly result: unknown } | Failure;
