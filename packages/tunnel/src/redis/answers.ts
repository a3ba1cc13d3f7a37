import type { RedoubtError } from "@redoubt/client";
import { failure, map } from "../resp/reply-text.ts";
import type { Greeting } from "../upstream/upstream.ts";

// What the tunnel says itself, worded as Redis words it.

export const noAuth: Buffer = failure("NOAUTH Authentication required.");
export const helloNoAuth: Buffer = failure(
  "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol version at the same time",
);
export const wrongPass: Buffer = failure("WRONGPASS invalid username-password pair or user is disabled.");
export const noProto: Buffer = failure("NOPROTO unsupported protocol version");
export const notInTransaction: Buffer = failure("ERR Command not allowed inside a transaction");
export const badName: Buffer = failure(
  "ERR Client names cannot contain spaces, newlines or special characters.",
);
export const noReplyOff: Buffer = failure(
  "ERR CLIENT REPLY OFF and SKIP do not work through a tunnel: it would not know whose reply comes next",
);
export const outOfRange: Buffer = failure("ERR DB index is out of range");
export const noInteger: Buffer = failure("ERR value is not an integer or out of range");
export const syntaxError: Buffer = failure("ERR syntax error");

/** @param command lower case */
export function wrongNumber(command: string): Buffer {
  return failure(`ERR wrong number of arguments for '${command}' command`);
}

/** @param command as the client wrote it */
export function notWhileSubscribed(command: string): Buffer {
  return failure(
    `ERR Can't execute '${command.toLowerCase()}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context`,
  );
}

/** A server that knows no HELLO says this, and clients go on without. */
export const unknownHello: Buffer = failure("ERR unknown command 'HELLO'");

/** What a client is told that the other side cannot be reached or was lost: which step failed, and what to do. */
export function upstreamFailure({ code, message, hint }: RedoubtError): Buffer {
  return failure(`ERR ${code} ${message}. ${hint}`);
}

/** The reply to HELLO. */
export function greetingReply(greeting: Greeting, protocol: 2 | 3, id: number): Buffer {
  const { product, version, mode, role } = greeting;
  return map(
    [
      ["server", product],
      ["version", version],
      ["proto", protocol],
      ["id", id],
      ["mode", mode],
      ["role", role],
      ["modules", []],
    ],
    protocol,
  );
}
