import type { Buffer } from "node:buffer";
import type { Socket } from "node:net";

/** How long the last words to a client may take, ms. */
const lastWords = 1000;

/**
 * Tells a client something and hangs up. What it still sends is read and thrown away: a connection that is closed with
 * unread bytes is reset, and the reset would overtake the words.
 */
export function goodbye(socket: Socket, words: Buffer | string): void {
  const limit = setTimeout(() => socket.destroy(), lastWords);
  socket.once("close", () => clearTimeout(limit));
  socket.end(words);
  socket.once("end", () => socket.destroySoon());
  socket.resume();
}
