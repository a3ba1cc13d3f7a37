/** What Redoubt knows about a code before it happens. */
export interface ErrorRow {
  /** Whether waiting or connecting again can help without anybody changing anything. */
  readonly transient: boolean;
  /** The likeliest cause, in one sentence. */
  readonly likely: string;
  /** The fix, in one sentence that a person can act on. */
  readonly hint: string;
  /**
   * Whether a command that met it may be sent again. `after-a-while`: the server refused it before carrying out anything,
   * for a reason that passes. `when-lost`: the connection ended; what was not written yet was not carried out, of the
   * rest nobody knows.
   */
  readonly repeat: "never" | "after-a-while" | "when-lost";
}

/** A row of the table. */
export const row = (
  transient: boolean,
  likely: string,
  hint: string,
  repeat: ErrorRow["repeat"] = "never",
): ErrorRow => ({ transient, likely, hint, repeat });
