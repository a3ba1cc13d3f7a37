import { RedoubtError, type TokenCredential } from "@redoubt/client";
import type { Redaction } from "./redaction.ts";

/** A token is not used when it ends within this time, ms: a request may take that long. */
const spare = 120_000;

/** How long one attempt to get a token may take, ms: somebody may have to log in with a browser. */
const patience = 180_000;

/** What may be asked along with a token. */
export interface TokenRequest {
  readonly signal: AbortSignal;
  /** A token that was refused: it is not given again. */
  readonly refused?: string;
  /** What the answer 401 asked for (continuous access evaluation), decoded. */
  readonly claims?: string;
}

/** A token that is kept. */
interface Kept {
  readonly token: string;
  /** ms since 1970 */
  readonly expires: number;
}

/** Tokens by scope: asked for once, kept until they end, asked for anew where one was refused. */
export class Tokens {
  #credential: TokenCredential;
  readonly #make: () => TokenCredential;
  readonly #redaction: Redaction;
  readonly #tenant: string | undefined;
  readonly #kept = new Map<string, Promise<Kept>>();

  /** @param make makes the credential, and makes it anew when its memory cannot be trusted any more */
  constructor(make: () => TokenCredential, redaction: Redaction, tenant?: string) {
    this.#make = make;
    this.#credential = make();
    this.#redaction = redaction;
    this.#tenant = tenant;
  }

  /** @throws RedoubtError `AUTH_PROVIDER_FAILED`, `CLOSED_ABORTED` */
  async get(scope: string, { signal, refused, claims }: TokenRequest): Promise<string> {
    const kept = await this.#kept.get(scope)?.catch(() => null);
    if (kept != null && kept.token !== refused && kept.expires - Date.now() > spare) return kept.token;
    const current = this.#kept.get(scope);
    // Several requests that were refused at the same time ask once.
    if (current !== undefined && (await current.catch(() => null)) !== kept)
      return this.get(scope, { signal });
    if (refused !== undefined) this.#credential = this.#make();
    const asked = this.#ask(scope, signal, claims);
    this.#kept.set(scope, asked);
    return (await asked).token;
  }

  async #ask(scope: string, signal: AbortSignal, claims: string | undefined): Promise<Kept> {
    const deadline = AbortSignal.timeout(patience);
    try {
      const found = await this.#credential.getToken(scope, {
        abortSignal: AbortSignal.any([signal, deadline]),
        ...(this.#tenant !== undefined && { tenantId: this.#tenant }),
        ...(claims !== undefined && { claims, enableCae: true }),
      });
      if (found === null) throw new Error("the credential gave no token");
      this.#redaction.hide(found.token);
      return { token: found.token, expires: found.expiresOnTimestamp };
    } catch (error) {
      this.#kept.delete(scope);
      if (signal.aborted) throw new RedoubtError("CLOSED_ABORTED", "Interrupted.", { cause: signal.reason });
      if (deadline.aborted)
        throw new RedoubtError("AUTH_PROVIDER_FAILED", `No token for ${scope} within ${patience} ms`);
      if (error instanceof RedoubtError) throw error;
      throw new RedoubtError(
        "AUTH_PROVIDER_FAILED",
        `No token for ${scope}: ${this.#redaction.mask(said(error))}`,
        {
          hint: "Log in with az login, or say with Azure:CredentialSource where tokens come from.",
        },
      );
    }
  }
}

/** What identity packages say is long and of many lines: the first ones name the reason. */
function said(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n").slice(0, 4).join(" ").trim().slice(0, 500);
}
