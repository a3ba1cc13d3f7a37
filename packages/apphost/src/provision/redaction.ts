import { mask } from "@redoubt/client/config";

/** Shorter secrets are not searched for: what would be masked is mostly not the secret. */
const shortest = 4;

/**
 * Knows the secrets of a run and takes them out of every text that Azure or the system gave us: an error of ARM may quote a
 * parameter.
 */
export class Redaction {
  readonly #spellings = new Set<string>();

  /** Makes a secret known, in the spellings in which others quote it: plain, percent-encoded, in JSON, in base64. */
  hide(secret: unknown): void {
    if (typeof secret === "object" && secret !== null) {
      for (const part of Object.values(secret)) this.hide(part);
      return;
    }
    if (typeof secret !== "string" || secret.length < shortest) return;
    this.#spellings.add(secret);
    this.#spellings.add(encodeURIComponent(Buffer.from(secret).toString()));
    this.#spellings.add(JSON.stringify(secret).slice(1, -1));
    this.#spellings.add(JSON.stringify(JSON.stringify(secret).slice(1, -1)).slice(1, -1));
    this.#spellings.add(Buffer.from(secret).toString("base64"));
  }

  /** The text without secrets. */
  mask(text: string): string {
    let masked = text;
    // The longest first: one secret may be the beginning of another.
    for (const spelling of [...this.#spellings].sort((a, b) => b.length - a.length))
      masked = masked.replaceAll(spelling, mask);
    return masked;
  }

  /** Whether a secret is anywhere in a value. */
  finds(value: unknown): boolean {
    const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
    return [...this.#spellings].some((spelling) => text.includes(spelling));
  }
}
