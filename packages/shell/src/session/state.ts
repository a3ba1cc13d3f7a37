import { Secret } from "@redoubt/client/config";
import type { TypedReply } from "@redoubt/client/protocol";
import { toText } from "../line/bytes.ts";
import { elementsOf, errorText, numberOf, plainText } from "../reply/text.ts";

/** What a connection is in, as far as commands have put it there, so that a new one can be put there too. */
export class SessionState {
  database = 0;
  protocol: 2 | 3 = 2;
  /** Between MULTI and EXEC. */
  inMulti = false;
  /** Channels and patterns that are listened to. */
  subscriptions = 0;
  /** Who logged in by a command. */
  login: { readonly username: string | null; readonly password: Secret } | null = null;
  #databaseBefore = 0;

  /** Forgets what does not outlive a connection. */
  broken(): void {
    if (this.inMulti) this.database = this.#databaseBefore;
    this.inMulti = false;
    this.subscriptions = 0;
  }

  /** Takes note of a command that was carried out. @param words byte text */
  note(words: readonly string[], reply: TypedReply): void {
    const name = words[0]?.toLowerCase() ?? "";
    const failed = errorText(reply) !== null;
    if (name === "exec" && words.length === 1 && this.inMulti) {
      this.inMulti = false;
      if (failed || reply === null) this.database = this.#databaseBefore;
    }
    if (failed) return;
    switch (name) {
      case "select":
        if (words.length === 2) this.database = Number.parseInt(words[1] as string, 10) || 0;
        return;
      case "multi":
        if (words.length > 1) return;
        this.inMulti = true;
        this.#databaseBefore = this.database;
        return;
      case "discard":
        if (words.length > 1) return;
        this.inMulti = false;
        this.database = this.#databaseBefore;
        return;
      case "reset":
        this.database = 0;
        this.protocol = 2;
        this.inMulti = false;
        this.subscriptions = 0;
        return;
      case "hello":
        return this.#noteHello(words);
      case "auth":
        if (words.length === 2) this.#logIn(null, words[1] as string);
        else if (words.length === 3) this.#logIn(words[1] as string, words[2] as string);
    }
  }

  /** Takes note of a confirmation of SUBSCRIBE and its kin. @returns whether it was one */
  noteConfirmation(reply: TypedReply): boolean {
    const values = elementsOf(reply);
    const kind = plainText(values[0]);
    if (values.length !== 3 || kind === null || !/^[ps]?(un)?subscribe$/i.test(kind)) return false;
    this.subscriptions = numberOf(values[2]);
    return true;
  }

  #noteHello(words: readonly string[]): void {
    if (words[1] === "2" || words[1] === "3") this.protocol = words[1] === "3" ? 3 : 2;
    for (let i = 2; i < words.length; i++) {
      const word = words[i]?.toLowerCase();
      if (word === "auth" && i + 2 < words.length) {
        this.#logIn(words[i + 1] as string, words[i + 2] as string);
        i += 2;
      } else if (word === "setname") i++;
    }
  }

  #logIn(username: string | null, password: string): void {
    this.login = {
      username: username === null ? null : toText(username),
      password: new Secret(toText(password)),
    };
  }
}
