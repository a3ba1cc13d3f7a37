import type { OptionRow } from "./options/row.ts";
import type { Place } from "./place.ts";

/** A value, and the line that said it. */
export interface Setting<Value> {
  readonly value: Value;
  readonly place: Place;
}

/** Rows of options by name. */
export type Rows = Readonly<Record<string, OptionRow<unknown>>>;

/** What the option of that name is read into. */
export type ValueOf<Table extends Rows, Name extends keyof Table> =
  Table[Name] extends OptionRow<infer Value> ? Value : never;

/** What was said by options of one table, in the order of the lines. */
export class Settings<Table extends Rows> {
  readonly #said: { readonly name: keyof Table; readonly setting: Setting<unknown> }[] = [];

  /** Adds what a line said; the value is what the row of that name reads. */
  add(name: keyof Table, value: unknown, place: Place): void {
    this.#said.push({ name, setting: { value, place } });
  }

  /** All values of an option. */
  all<Name extends keyof Table>(name: Name): Setting<ValueOf<Table, Name>>[] {
    return this.#said
      .filter((said) => said.name === name)
      .map(({ setting }) => setting as Setting<ValueOf<Table, Name>>);
  }

  /** The last value of an option, which is the one that counts where lines do not add up. */
  last<Name extends keyof Table>(name: Name): Setting<ValueOf<Table, Name>> | undefined {
    return this.all(name).at(-1);
  }

  /** What was said by any of these options, in the order of the lines. */
  entries(
    names: readonly (keyof Table)[],
  ): readonly { readonly name: keyof Table; readonly value: unknown }[] {
    return this.#said
      .filter(({ name }) => names.includes(name))
      .map(({ name, setting }) => ({ name, value: setting.value }));
  }

  /** As they are now; a beginning for a section. */
  copy(): Settings<Table> {
    const copy = new Settings<Table>();
    copy.#said.push(...this.#said);
    return copy;
  }
}
