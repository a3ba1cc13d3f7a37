import { get } from "node:http";

/** What became of asking a web server on plain HTTP. */
export interface WebProbe {
  readonly url: string;
  /** `answers`: with something that fits; `odd`: with something else, a page of a proxy for example. */
  readonly state: "answers" | "odd" | "silent" | "refused" | "no-name" | "failed";
  readonly status: number | null;
  /** How far this machine's clock is ahead of the server's, ms; `null` where the server does not tell the time. */
  readonly clockAhead: number | null;
  readonly ms: number;
}

/** More than this is not read, bytes. */
const enough = 4096;

/**
 * Fetches the beginning of a list of revoked certificates, or talks to a responder, as a verifier would. Only `http:`: these
 * addresses are never `https:`, which would need the very check that they are for.
 */
export function probeWeb(url: string, timeout: number): Promise<WebProbe> {
  const start = performance.now();
  return new Promise((resolve) => {
    const done = (
      state: WebProbe["state"],
      status: number | null = null,
      clockAhead: number | null = null,
    ): void => {
      clearTimeout(timer);
      request.destroy();
      resolve({ url, state, status, clockAhead, ms: performance.now() - start });
    };
    const request = get(url, { agent: false, headers: { connection: "close" } }, (response) => {
      const { statusCode: status = 0, headers } = response;
      const told = Date.parse(headers.date ?? "");
      const ahead = Number.isNaN(told) ? null : Date.now() - told;
      const isPage = /text\/html/i.test(headers["content-type"] ?? "");
      response.on("error", () => {});
      response.once("data", (bytes: Buffer) => {
        // A list in DER begins with a sequence. A proxy's page is the usual stranger.
        const strange = status === 200 && isPage && bytes.subarray(0, enough).includes("<");
        done(strange ? "odd" : "answers", status, ahead);
      });
      response.once("end", () => done("answers", status, ahead));
    });
    const timer = setTimeout(() => done("silent"), timeout);
    request.on("error", ({ code = "" }: NodeJS.ErrnoException) => {
      if (code === "ECONNREFUSED") done("refused");
      else if (code === "ENOTFOUND" || code === "EAI_AGAIN") done("no-name");
      else if (code === "ETIMEDOUT" || code === "EHOSTUNREACH" || code === "ENETUNREACH") done("silent");
      else done("failed");
    });
  });
}
