import type { NativeBuffer } from "./native.ts";

const slots = 256;
const longest = 32;

/**
 * Field names repeat from reply to reply. A name that was seen is given again as the same string, which V8 has
 * already hashed; a stranger costs one comparison.
 */
export class KeyCache {
  readonly #names: (string | undefined)[] = new Array(slots);

  /** ASCII text of `length` bytes from `start`, or text decoded as UTF-8. */
  text(chunk: NativeBuffer, start: number, length: number): string {
    if (length > longest || length === 0) return chunk.utf8Slice(start, start + length);
    let hash = length;
    for (let i = 0; i < length; i++) hash = (hash * 31 + (chunk[start + i] as number)) | 0;
    const slot = (hash ^ (hash >>> 8) ^ (hash >>> 16)) & (slots - 1);
    const known = this.#names[slot];
    if (known !== undefined && known.length === length) {
      let i = 0;
      while (i < length && known.charCodeAt(i) === chunk[start + i] && (chunk[start + i] as number) < 128)
        i++;
      if (i === length) return known;
    }
    const name = chunk.utf8Slice(start, start + length);
    if (name.length === length) this.#names[slot] = name;
    return name;
  }
}
