import { allocate, type NativeBuffer } from "./native.ts";

/** Size of a slab that holds commands as they usually are, bytes. */
export const smallSlab: number = 64 * 1024;
/** Size of a slab for commands with large arguments, bytes. */
export const largeSlab: number = 512 * 1024;

/** How many of each size are kept for the next who needs one: 1 MiB of small ones, 4 MiB of large ones. */
const kept = { small: 16, large: 8 };

const small: NativeBuffer[] = [];
const large: NativeBuffer[] = [];

/**
 * Memory of one of the two sizes, contents undefined. All connections of the process share what is not in use, so that an idle one holds
 * none, and a busy one does not leave half a megabyte per command to the garbage collector.
 */
export function borrowSlab(size: number): NativeBuffer {
  return (size === smallSlab ? small : large).pop() ?? allocate(size);
}

/** Takes a slab back that nobody reads or writes any more. */
export function returnSlab(slab: NativeBuffer): void {
  if (slab.length === smallSlab) {
    if (small.length < kept.small) small.push(slab);
  } else if (large.length < kept.large) large.push(slab);
}
