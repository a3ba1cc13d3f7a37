/** How much of a server's word the decoder believes. A reply beyond a limit ends the connection with `REPLY_LIMIT`. */
export interface Limits {
  /** Longest single string, bytes. Default 512 MiB, Redis's own `proto-max-bulk-len`. */
  readonly bulkBytes: number;
  /** Deepest nesting of aggregates. Default 64. */
  readonly depth: number;
  /** Longest whole reply, bytes on the wire. Default 1 GiB. */
  readonly replyBytes: number;
}

export const defaultLimits: Limits = {
  bulkBytes: 512 * 1024 * 1024,
  depth: 64,
  replyBytes: 1024 * 1024 * 1024,
};
