/** What percent-decoding gave: the text, or the index of the `%` that begins no valid byte sequence. */
export type Decoded = { readonly text: string } | { readonly bad: number };

const escapes = /(?:%[0-9a-f]{2})+/gi;
const malformed = /%(?![0-9a-f]{2})/i;

/**
 * Percent-decoding as in RFC 3986: `%hh` are bytes of UTF-8, everything else stands for itself, `+` too.
 *
 * @param lenient bytes that are no UTF-8 become U+FFFD (as in ServiceStack) instead of being refused
 */
export function decodePercent(text: string, lenient = false): Decoded {
  const bad = text.search(malformed);
  if (bad >= 0) return { bad };
  const decoder = new TextDecoder("utf-8", { fatal: !lenient, ignoreBOM: true });
  let decoded = "";
  let end = 0;
  for (const { 0: run, index } of text.matchAll(escapes)) {
    try {
      decoded += text.slice(end, index) + decoder.decode(Buffer.from(run.replaceAll("%", ""), "hex"));
    } catch {
      return { bad: index };
    }
    end = index + run.length;
  }
  return { text: decoded + text.slice(end) };
}

/** The inverse: everything but letters, digits and `-_.~` escaped; `null` for a text that is no Unicode (half of a surrogate pair). */
export function encodePercent(text: string): string | null {
  if (/\p{Surrogate}/u.test(text)) return null;
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
