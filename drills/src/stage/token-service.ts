import { randomBytes } from "node:crypto";
import type { RedisServer } from "@redoubt/server";
import type { Token } from "../subject/plan.ts";

/**
 * Issues tokens as Microsoft Entra ID and Azure do together: when one ends, the server closes every connection that has not
 * logged in with a newer one. Each token is a user of its own; when it ends the user is deleted, and Redis then does just
 * that.
 */
export class TokenService implements Disposable {
  readonly #server: RedisServer;
  readonly #lifetime: number;
  readonly #timers = new Set<NodeJS.Timeout>();
  #failure: Error | null = null;
  /** Tokens that were issued. */
  issued = 0;
  /** Tokens that have ended. */
  ended = 0;
  /** Connections that were still logged in with a token when it ended. */
  cut = 0;

  /** @param lifetime of a token, ms */
  constructor(server: RedisServer, lifetime: number) {
    this.#server = server;
    this.#lifetime = lifetime;
  }

  /** A new token. */
  async issue(): Promise<Token> {
    const username = `token-${++this.issued}`;
    const password = randomBytes(24).toString("base64url");
    const expiresAt = Date.now() + this.#lifetime;
    await this.#server.command("ACL", "SETUSER", username, "on", `>${password}`, "~*", "&*", "+@all");
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#end(username).catch((error: Error) => {
        this.#failure = error;
      });
    }, this.#lifetime);
    this.#timers.add(timer);
    return { username, password, expiresAt };
  }

  /** @throws Error when a token could not be ended */
  check(): void {
    if (this.#failure !== null) throw this.#failure;
  }

  [Symbol.dispose](): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  async #end(username: string): Promise<void> {
    using control = await this.#server.control();
    const clients = String(await control.call("CLIENT", "LIST"));
    this.cut += clients.split("\n").filter((line) => line.includes(` user=${username} `)).length;
    await control.call("ACL", "DELUSER", username);
    this.ended++;
  }
}
