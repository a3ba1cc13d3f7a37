/** How much of a large value is under way at a time, bytes: enough to hide the way to the server and back. */
export const valueChunkBytes: number = 256 * 1024;
