import { isAscii } from "node:buffer";
import { longText, type NativeBuffer } from "./native.ts";
import { builders, longest, shortest } from "./short-string.ts";

/** Up to this length a string is cut out of the image, or at least known to be ASCII by it. */
const imageBytes = 128;

/**
 * A chunk as text, for the short strings in it: one look tells that they are all ASCII, and cutting a string out of another
 * costs less than a call into C++.
 */
export class ChunkImage {
  /** The chunk from `#from` on; null when it is not ASCII. */
  #image: string | null = null;
  #tried = false;
  #from = 0;

  /** The text of the bytes from `start` on. All of a chunk's strings are asked for in order, up to {@link ChunkImage.forget}. */
  text(chunk: NativeBuffer, chunkEnd: number, start: number, length: number): string {
    if (length > imageBytes) return longText(chunk, start, start + length);
    if (!this.#tried) this.#make(chunk, start, chunkEnd);
    if (this.#image === null) return chunk.utf8Slice(start, start + length);
    // V8 copies up to 12 characters of a substring; a longer one would keep the whole image alive.
    if (length < shortest) return this.#image.substring(start - this.#from, start - this.#from + length);
    if (length <= longest) return (builders[length - shortest] as (typeof builders)[0])(chunk, start);
    return chunk.latin1Slice(start, start + length);
  }

  /** The chunk is dealt with: it shall not be kept alive. */
  forget(): void {
    this.#image = null;
    this.#tried = false;
  }

  #make(chunk: NativeBuffer, from: number, end: number): void {
    this.#tried = true;
    this.#from = from;
    if (isAscii(chunk.subarray(from, end))) this.#image = chunk.latin1Slice(from, end);
  }
}
