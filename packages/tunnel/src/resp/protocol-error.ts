/** Bytes that are no RESP. The message is worded as Redis words it, and holds nothing of what was sent but one character. */
export class ProtocolError extends Error {
  override readonly name: string = "ProtocolError";

  constructor(message: string) {
    super(`Protocol error: ${message}`);
  }
}
