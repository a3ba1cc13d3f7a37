import type { TypedReply } from "@redoubt/client/protocol";
import { errorText } from "../reply/text.ts";
import { builtInDocs } from "./built-in.ts";
import { type CommandDoc, docsFrom } from "./command-doc.ts";

/** Whoever answers commands. */
export interface Answering {
  ask(words: readonly string[]): Promise<TypedReply>;
}

/**
 * What is known of commands: the server's own COMMAND DOCS; where it has none (before Redis 7) or refuses it (some providers), what
 * is built in.
 */
export async function loadDocs(session: Answering): Promise<readonly CommandDoc[]> {
  try {
    const reply = await session.ask(["COMMAND", "DOCS"]);
    const docs = errorText(reply) === null ? docsFrom(reply) : [];
    if (docs.length > 0) return docs;
  } catch {
    // Without a connection there is still help.
  }
  return builtInDocs();
}
