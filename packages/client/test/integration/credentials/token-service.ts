import { Buffer } from "node:buffer";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { TokenCredential } from "@redoubt/client";
import type { ControlConnection, RedisServer } from "@redoubt/server";

/**
 * A token service as clouds have it, over HTTP, for real servers: each token is the password of a user of its own, who is
 * deleted when the token ends. The server then closes every connection that has not logged in anew, as Azure does.
 */
export class TokenService {
  /** How often it was asked. */
  asked = 0;
  /** Every token it gave. */
  readonly tokens: string[] = [];
  /** Answers 503 while true. */
  down = false;
  /** Answers with tokens that the server does not know while true. */
  wrong = false;
  readonly #life: number;
  readonly #controls: readonly ControlConnection[];
  readonly #http: Server;
  readonly #timers = new Set<NodeJS.Timeout>();

  private constructor(controls: readonly ControlConnection[], life: number) {
    this.#controls = controls;
    this.#life = life;
    this.#http = createServer((_, response) => {
      this.asked++;
      if (this.down) {
        response.writeHead(503).end("the service is away");
        return;
      }
      void this.#mint().then((token) => response.end(JSON.stringify(token)));
    });
  }

  /** @param life of a token, ms */
  static async start(servers: RedisServer | readonly RedisServer[], life: number): Promise<TokenService> {
    const all = [servers].flat();
    const service = new TokenService(await Promise.all(all.map((server) => server.control())), life);
    service.#http.listen(0, "127.0.0.1");
    await once(service.#http, "listening");
    return service;
  }

  /** What asks it, with the face of a credential of `@azure/identity`. */
  get credential(): TokenCredential {
    const { port } = this.#http.address() as AddressInfo;
    return {
      getToken: async (scopes, { abortSignal } = {}) => {
        const url = `http://127.0.0.1:${port}/metadata/identity/oauth2/token?resource=${String(scopes)}`;
        const response = await fetch(url, abortSignal === undefined ? {} : { signal: abortSignal });
        if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
        return (await response.json()) as { token: string; expiresOnTimestamp: number };
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    for (const control of this.#controls) control.close();
    this.#http.closeAllConnections();
    this.#http.close();
    await once(this.#http, "close");
  }

  async #mint(): Promise<{ token: string; expiresOnTimestamp: number }> {
    const oid = `identity-${this.tokens.length}`;
    const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
    const token = `${part({ alg: "none" })}.${part({ oid })}.${part(Math.random())}`;
    this.tokens.push(token);
    if (!this.wrong) {
      await this.#everywhere("ACL", "SETUSER", oid, "on", `>${token}`, "~*", "&*", "+@all");
      // When the test is over meanwhile, the connections are closed and nobody wants to know.
      const end = (): void => void this.#everywhere("ACL", "DELUSER", oid).catch(() => {});
      this.#timers.add(setTimeout(end, this.#life));
    }
    return { token, expiresOnTimestamp: Date.now() + this.#life };
  }

  async #everywhere(...words: string[]): Promise<void> {
    await Promise.all(this.#controls.map((control) => control.call(...words)));
  }
}
