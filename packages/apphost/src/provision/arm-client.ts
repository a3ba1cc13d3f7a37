import { randomUUID } from "node:crypto";
import { RedoubtError } from "@redoubt/client";
import { ArmError } from "./arm-error.ts";
import type { Http, HttpAnswer, HttpRequest } from "./http.ts";
import { isTransient } from "./network-error.ts";
import type { Redaction } from "./redaction.ts";
import { clockSkew, retryAfter } from "./retry-after.ts";
import { pause, type Timing } from "./timing.ts";
import type { Tokens } from "./tokens.ts";

/** What a client of one service of Azure is made of. */
export interface ArmClientOptions {
  /** Scheme, host and port: a token goes nowhere else. */
  readonly endpoint: string;
  /** Scope of its tokens. */
  readonly scope: string;
  readonly http: Http;
  readonly tokens: Tokens;
  readonly timing: Timing;
  readonly redaction: Redaction;
  /** Told when a request is repeated. */
  readonly onRetry?: (what: string, wait: number) => void;
}

/** What is asked. */
export interface ArmRequest {
  readonly method: HttpRequest["method"];
  /** Path, or a whole address that Azure gave: of the same host. */
  readonly path: string;
  /** Not for addresses that Azure gave, which have it. */
  readonly version?: string;
  readonly body?: unknown;
  /** What is being done, for messages: `Reading the group rg`. */
  readonly what: string;
  readonly signal: AbortSignal;
  /** Statuses besides 2xx that are answers and no failures. */
  readonly also?: readonly number[];
}

/** What was answered. */
export interface ArmAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The body; `null` where there is none. */
  readonly body: unknown;
}

/** Worth another try. Source: Microsoft's guidance on transient faults of Resource Manager. */
const passing = new Set([408, 429, 500, 502, 503, 504]);
/** A clock that is further off than this is named as the likely cause, ms. */
const tolerance = 300_000;

/**
 * Asks Azure's REST services: adds the token, waits where it is told to (`Retry-After`), repeats what may pass (5xx, lost
 * connections) with growing waits, gets a new token once where one was refused.
 */
export class ArmClient {
  readonly #options: ArmClientOptions;

  constructor(options: ArmClientOptions) {
    this.#options = options;
  }

  /**
   * @throws ArmError what Azure answered
   * @throws RedoubtError `AUTH_…` (no token, or refused twice), those of {@link Http.send}
   */
  async request(request: ArmRequest): Promise<ArmAnswer> {
    const { timing, redaction } = this.#options;
    const url = this.#address(request);
    const end = performance.now() + timing.patience;
    let refused: string | undefined;
    let claims: string | undefined;
    let backoff = timing.firstRetry;
    for (;;) {
      const token = await this.#options.tokens.get(this.#options.scope, {
        signal: request.signal,
        ...(refused !== undefined && { refused }),
        ...(claims !== undefined && { claims }),
      });
      let answer: HttpAnswer | null = null;
      let failure: unknown = null;
      try {
        answer = await this.#send(url, request, token);
      } catch (error) {
        if (!isTransient(error)) throw error;
        failure = error;
      }
      if (answer !== null && isAnswer(answer, request)) return read(answer, request);
      if (answer?.status === 401 && refused === undefined) {
        refused = token;
        claims = claimsAskedFor(answer.headers);
        continue;
      }
      const asked = answer === null ? undefined : retryAfter(answer.headers);
      const wait = asked ?? backoff * (0.75 + Math.random() / 2);
      const may = answer === null || (passing.has(answer.status) && wait <= timing.longestAsked);
      // Who asks for a wait gets it, also where our own patience would be over before.
      if (!may || (asked === undefined && performance.now() + wait > end)) {
        if (answer === null) throw failure;
        throw this.#refusal(request, answer, (text) => redaction.mask(text));
      }
      this.#options.onRetry?.(
        `${request.what}: ${answer === null ? messageOf(failure) : `status ${answer.status}`}`,
        wait,
      );
      await pause(wait, request.signal).catch(() => {
        throw new RedoubtError("CLOSED_ABORTED", "Interrupted.", { cause: request.signal.reason });
      });
      backoff = Math.min(backoff * 2, timing.longestRetry);
    }
  }

  /** All elements of a list, page by page. */
  async list(request: Omit<ArmRequest, "method" | "body" | "also">): Promise<readonly unknown[]> {
    const all: unknown[] = [];
    const seen = new Set<string>();
    let next: ArmRequest | null = { ...request, method: "GET" };
    while (next !== null) {
      const { body } = await this.request(next);
      const { value, nextLink } = (body ?? {}) as { value?: unknown; nextLink?: unknown };
      if (Array.isArray(value)) all.push(...(value as unknown[]));
      if (typeof nextLink !== "string" || nextLink === "" || seen.has(nextLink)) return all;
      seen.add(nextLink);
      const { version: _, ...rest } = request;
      next = { ...rest, method: "GET", path: nextLink };
    }
    return all;
  }

  #send(url: string, { method, body, signal }: ArmRequest, token: string): Promise<HttpAnswer> {
    return this.#options.http.send({
      method,
      url,
      headers: {
        authorization: `Bearer ${token}`,
        accept: "application/json",
        "user-agent": "redoubt-apphost",
        "x-ms-client-request-id": randomUUID(),
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      timeout: this.#options.timing.request,
      signal,
    });
  }

  #address({ path, version, what }: ArmRequest): string {
    const url = new URL(path, this.#options.endpoint);
    if (url.origin !== new URL(this.#options.endpoint).origin)
      throw new RedoubtError(
        "APP_DEPLOY",
        `${what}: Azure sends us on to ${url.host}, and a token does not go there`,
      );
    if (version !== undefined) url.searchParams.set("api-version", version);
    return url.href;
  }

  #refusal({ what }: ArmRequest, answer: HttpAnswer, mask: (text: string) => string): RedoubtError {
    const error = new ArmError(what, answer.status, parsed(answer.text), mask);
    const skew = answer.status === 401 ? clockSkew(answer.headers) : null;
    if (skew === null || Math.abs(skew) < tolerance) return error;
    const minutes = Math.round(Math.abs(skew) / 60_000);
    return new RedoubtError("AUTH_FAILED", error.message, {
      hint: `The clock of this machine is ${minutes} minutes ${skew > 0 ? "ahead of" : "behind"} Azure's: set it right.`,
      cause: error,
    });
  }
}

function isAnswer({ status }: HttpAnswer, { also = [] }: ArmRequest): boolean {
  return (status >= 200 && status < 300) || also.includes(status);
}

function read({ status, headers, text }: HttpAnswer, { what }: ArmRequest): ArmAnswer {
  if (text.trim() === "") return { status, headers, body: null };
  const body = parsed(text);
  if (body === null && status < 300)
    throw new RedoubtError("APP_DEPLOY", `${what}: the answer is no JSON`, {
      hint: "Something between here and Azure answered in its place: a proxy with a login page?",
    });
  return { status, headers, body };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** `WWW-Authenticate: Bearer …, error="insufficient_claims", claims="BASE64"` */
function claimsAskedFor(headers: Readonly<Record<string, string>>): string | undefined {
  const [, encoded] = /\bclaims="([^"]+)"/.exec(headers["www-authenticate"] ?? "") ?? [];
  return encoded === undefined ? undefined : Buffer.from(encoded, "base64").toString();
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
