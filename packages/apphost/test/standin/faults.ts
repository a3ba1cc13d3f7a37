/** What is done to a request instead of answering it. */
export type FaultAction =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown }
  /** The connection is cut: before the request is carried out, or after, so that its answer is lost. */
  | { readonly cut: "before" | "after" }
  /** No answer at all. */
  | { readonly hang: true };

/** Which requests, and what is done to them. */
export interface FaultRule {
  readonly method?: string;
  readonly path: RegExp;
  /** How many times. Default 1. */
  readonly times?: number;
  readonly action: FaultAction;
}

/** Rules that are used up as requests come. */
export class Faults {
  readonly #rules: { rule: FaultRule; left: number }[] = [];

  add(rule: FaultRule): void {
    this.#rules.push({ rule, left: rule.times ?? 1 });
  }

  /** What is to be done to this request, or `null`. */
  take(method: string, path: string): FaultAction | null {
    const found = this.#rules.find(
      ({ rule, left }) => left > 0 && (rule.method ?? method) === method && rule.path.test(path),
    );
    if (found === undefined) return null;
    found.left--;
    return found.rule.action;
  }
}

/** How resources of a type are worked on. */
export interface WorkRule {
  /** Of a resource's id. */
  readonly id: RegExp;
  /** ms */
  readonly takes?: number;
  /** Nobody gets on until it resolves. */
  readonly until?: Promise<void>;
  /** How often it fails. Default, where there is an error: always. */
  readonly times?: number;
  readonly error?: { readonly code: string; readonly message: string };
}
