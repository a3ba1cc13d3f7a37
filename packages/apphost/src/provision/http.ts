import { rootCertificates } from "node:tls";
import { RedoubtError } from "@redoubt/client";
import { type Dispatcher, EnvHttpProxyAgent } from "undici";
import { networkError } from "./network-error.ts";

/** A request. Headers in lower case. */
export interface HttpRequest {
  readonly method: "GET" | "HEAD" | "PUT" | "POST" | "DELETE";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** ms, for everything. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

/** An answer, whole. */
export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case; several of one name are joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** What {@link Http} may be told. */
export interface HttpOptions {
  /** Certificates (PEM) to trust besides those that Node trusts, for a stand-in or an Azure Stack. */
  readonly ca?: string;
}

/** The longest answer that is read, bytes: what-if of a large template has some megabytes. */
const longestAnswer = 64 * 1024 * 1024;

/**
 * HTTPS with verified certificates, through the proxy of `HTTPS_PROXY` unless `NO_PROXY` names the host. It repeats nothing and
 * follows no redirection: a token must not travel further than it was sent.
 */
export class Http {
  readonly #agent: Dispatcher;

  constructor({ ca }: HttpOptions = {}) {
    const tls = ca === undefined ? {} : { ca: [...rootCertificates, ca] };
    this.#agent = new EnvHttpProxyAgent({ connect: tls, requestTls: tls });
  }

  /** @throws RedoubtError `DNS_…`, `TCP_…`, `TLS_…`, `TIMEOUT_CONNECT`, `CLOSED_ABORTED`: there was no answer */
  async send({ method, url, headers, body, timeout, signal }: HttpRequest): Promise<HttpAnswer> {
    const { protocol, origin, pathname, search, host } = new URL(url);
    if (protocol !== "https:")
      throw new RedoubtError(
        "CONFIG_INSECURE",
        `${origin} is no address of https, and a token is not sent without TLS`,
      );
    const deadline = AbortSignal.timeout(timeout);
    try {
      const answer = await this.#agent.request({
        origin,
        path: pathname + search,
        method,
        headers,
        body: body ?? null,
        headersTimeout: timeout,
        bodyTimeout: timeout,
        signal: AbortSignal.any([deadline, signal]),
      });
      return {
        status: answer.statusCode,
        headers: joined(answer.headers),
        text: await textOf(answer.body, host),
      };
    } catch (error) {
      if (signal.aborted) throw new RedoubtError("CLOSED_ABORTED", "Interrupted.", { cause: signal.reason });
      if (deadline.aborted)
        throw new RedoubtError("TIMEOUT_CONNECT", `${host} did not answer within ${timeout} ms`, {
          address: host,
        });
      throw networkError(error, host);
    }
  }

  /** Ends connections; what is under way fails. */
  async close(): Promise<void> {
    await this.#agent.destroy();
  }
}

async function textOf(body: AsyncIterable<Buffer>, host: string): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > longestAnswer) throw new Error(`${host} answers with more than ${longestAnswer} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

function joined(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value.join(", ") : value]],
    ),
  );
}
