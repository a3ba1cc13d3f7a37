/** Longest inline command and longest header line, bytes: Redis's `PROTO_INLINE_MAX_SIZE`. */
export const inlineBytes = 64 * 1024;
/** Most arguments of one command, as Redis has them for clients that are logged in: 1024 * 1024. */
export const argumentCount = 1024 * 1024;
/** The same before a login, as Redis has it. */
export const argumentCountBeforeLogin = 10;
/** Longest argument, bytes: Redis's default of `proto-max-bulk-len`. */
export const argumentBytes = 512 * 1024 * 1024;
/** The same before a login, as Redis has it. */
export const argumentBytesBeforeLogin = 16 * 1024;
/** Longest line of a reply (a simple string, an error, a number), bytes. */
export const lineBytes = 64 * 1024;
