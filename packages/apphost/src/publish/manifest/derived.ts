import { Conditional, Expression, encodedName } from "../../model/expression.ts";
import { Literal, type Value } from "../../model/value.ts";
import { branchOf } from "../branch.ts";
import type { ManifestEntry } from "./entry.ts";

/** Values inside of others that the manifest has to give a name: percent-encoded ones, and those with a condition. */
export class DerivedEntries {
  readonly #encoded = new Map<string, Value>();
  readonly #decided = new Map<string, Conditional>();

  /** Looks for such values in one that is written. */
  note(value: Value): void {
    if (value instanceof Conditional) {
      this.#decided.set(value.name, value);
      this.note(value.whenTrue);
      this.note(value.whenFalse);
    }
    if (!(value instanceof Expression)) return;
    for (const part of value.parts) {
      if (typeof part === "string") continue;
      if (part.format === "uri" && !(part.value instanceof Literal))
        this.#encoded.set(encodedName(part.value), part.value);
      this.note(part.value);
    }
  }

  /** The percent-encoded ones, each with the name of the resource that it is made of. */
  encoded(): readonly { readonly name: string; readonly of: string; readonly entry: ManifestEntry }[] {
    return [...this.#encoded].map(([name, value]) => ({
      name,
      of: /^\{([^.}]+)/.exec(value.published)?.[1] ?? "",
      entry: { type: "annotated.string", value: value.published, filter: "uri" },
    }));
  }

  /** Those with a condition, decided: the branch that holds for what is published. */
  async decided(signal?: AbortSignal): Promise<readonly (readonly [name: string, entry: ManifestEntry])[]> {
    return Promise.all(
      [...this.#decided].map(async ([name, value]) => {
        const branch = await branchOf(value, signal);
        return [name, { type: "value.v0", connectionString: branch.published }] as const;
      }),
    );
  }
}
