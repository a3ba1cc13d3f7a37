import { Buffer } from "node:buffer";
import { RedoubtError } from "../errors.ts";
import { asBuffers, asStrings } from "../protocol/reply.ts";

/** The RESP types whose JavaScript value can be chosen; names and numbers as in node-redis. */
export const RESP_TYPES = { BLOB_STRING: 36 } as const;

/** Which JavaScript type a RESP type becomes: `{ [RESP_TYPES.BLOB_STRING]: Buffer }`. Default: string. */
export type TypeMapping = { readonly [RESP_TYPES.BLOB_STRING]?: typeof Buffer | typeof String };

/** A reply type with its strings as Buffers; status replies such as `"OK"` stay. */
export type WithBuffers<Reply> = string extends Reply
  ? Buffer | Exclude<Reply, string>
  : Reply extends (infer Element)[]
    ? WithBuffers<Element>[]
    : Reply extends Buffer | Date | Map<unknown, unknown>
      ? Reply
      : Reply extends object
        ? { [Key in keyof Reply]: WithBuffers<Reply[Key]> }
        : Reply;

/**
 * The decoder's mode for a type mapping.
 * @throws RedoubtError `CONFIG_INVALID_VALUE` for a mapping that is not supported
 */
export function replyModeOf(mapping: TypeMapping | undefined): number {
  let mode = asStrings;
  for (const [type, to] of Object.entries(mapping ?? {})) {
    if (Number(type) !== RESP_TYPES.BLOB_STRING || (to !== Buffer && to !== String)) {
      throw new RedoubtError(
        "CONFIG_INVALID_VALUE",
        `typeMapping: only BLOB_STRING (36) can be mapped, to Buffer or String; found type ${type}`,
      );
    }
    if (to === Buffer) mode = asBuffers;
  }
  return mode;
}
