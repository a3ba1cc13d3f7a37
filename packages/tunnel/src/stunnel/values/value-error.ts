/** A value that an option does not take. The parser adds the place. */
export class ValueError extends Error {
  override readonly name = "ValueError";
  readonly hint: string;

  /**
   * @param message in stunnel's own words where it has some, so that they can be searched for
   * @param hint what to write instead
   */
  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}
