import { RedoubtError } from "@redoubt/client";
import { type Danger, type DatabaseSize, dangerOf } from "./dangers.ts";

/** Asks somebody whether to do it; null where nobody is there to be asked. */
export type Confirm = (danger: Danger, place: string) => Promise<boolean>;

export interface GuardOptions {
  /** Whether the server is marked as production; else everything may be done. */
  readonly production: boolean;
  /** Whether it was said in advance that it may be done. */
  readonly confirmed: boolean;
  readonly confirm: Confirm | null;
}

/** Stands before commands that destroy, where it is production. */
export class Guard {
  readonly #options: GuardOptions;

  constructor(options: GuardOptions) {
    this.#options = options;
  }

  /** The same guard, asking in another way. */
  confirmedBy(confirm: Confirm): Guard {
    return new Guard({ ...this.#options, confirm });
  }

  /**
   * Lets a command pass, or asks.
   * @param place what has to be typed to confirm: where it would be done
   * @throws RedoubtError `CONFIG_PRODUCTION` when it may not be done
   */
  async check(words: readonly string[], place: string, databaseSize: DatabaseSize): Promise<void> {
    if (!this.#options.production || this.#options.confirmed) return;
    const danger = await dangerOf(words, databaseSize);
    if (danger !== null) await this.ask(danger, place);
  }

  /** The same for something that is no command. */
  async ask(danger: Danger, place: string): Promise<void> {
    const { production, confirmed, confirm } = this.#options;
    if (!production || confirmed) return;
    if (confirm !== null && (await confirm(danger, place))) return;
    const asked = confirm === null ? "" : " It was not confirmed.";
    throw new RedoubtError(
      "CONFIG_PRODUCTION",
      `${danger.command} ${danger.does}, and ${place} is marked as production.${asked} Nothing was sent.`,
      { command: danger.command, address: place },
    );
  }
}
