import {
  type Credentials,
  type CredentialsProvider,
  providerNamed,
  RedoubtError,
  type Target,
} from "@redoubt/client";
import { commandOf } from "../resp/words.ts";
import type { Line } from "./line.ts";

/** How long things may take on a line, ms. */
export interface UpkeepLimits {
  /** A line that was silent for so long says PING. Default 60,000, or half of the provider's limit if that is less. */
  readonly silence: number;
  /** A line on which something is due, and nothing comes for so long, is given up. Default 60,000. */
  readonly patience: number;
}

const longestSilence = 60_000;
const longestPatience = 60_000;

const PING = commandOf(["PING"]);

/** What is told about the keeping of lines. */
export interface UpkeepNews {
  /** The line is logged in with newer credentials. */
  readonly renewed?: (line: Line) => void;
  /** Credentials could not be fetched, or the server did not take them; the line goes on with the old ones. */
  readonly failed?: (error: RedoubtError, line: Line) => void;
}

/**
 * Keeps a line alive and logged in: PING when it has been silent, AUTH when there are newer credentials. Both take their
 * place among the commands, and their replies are nobody's.
 * @returns ends it
 */
export function keepUp(
  line: Line,
  target: Target,
  news: UpkeepNews,
  limits: Partial<UpkeepLimits> = {},
): () => void {
  const idleLimit = providerNamed(target.provider)?.idleLimitMs ?? null;
  const silence = limits.silence ?? Math.min(longestSilence, (idleLimit ?? Number.POSITIVE_INFINITY) / 2);
  const patience = limits.patience ?? longestPatience;
  let isAsked = false;
  const look = (): void => {
    if (line.isPaused) return;
    const quietFor = performance.now() - line.heardAt;
    // A client's own connection may be blocked by its own wish; one of the tunnel's own questions is answered at once.
    const mustAnswer = line.due > 0 && (isAsked || line.unasked === null);
    if (mustAnswer && quietFor > patience) {
      const message = `${line.address} has stopped answering`;
      line.close(new RedoubtError("TIMEOUT_SOCKET", message, { address: line.address }));
    } else if (line.due === 0 && quietFor > silence && line.takesCalls) {
      isAsked = true;
      line
        .call(PING)
        .catch(() => {})
        .finally(() => {
          isAsked = false;
        });
    }
  };
  const timer = setInterval(look, Math.min(silence, patience) / 4);
  timer.unref();
  const { login } = line;
  const endLogin = login === null ? () => {} : stayLoggedIn(line, login.provider, login.credentials, news);
  return () => {
    clearInterval(timer);
    endLogin();
  };
}

function stayLoggedIn(
  line: Line,
  provider: CredentialsProvider,
  first: Credentials,
  news: UpkeepNews,
): () => void {
  let newest: Credentials | null = null;
  let isSending = false;
  const catchUp = async (): Promise<void> => {
    if (isSending) return;
    isSending = true;
    while (newest !== null && line.isOpen) {
      const credentials: Credentials = newest;
      newest = null;
      if (line.replace !== null) {
        const message = `The credentials were renewed, which a subscriber cannot tell ${line.address}: connect again`;
        line.replace(new RedoubtError("CLOSED_CONNECTION", message, { address: line.address }));
        break;
      }
      await logInAgain(line, provider, credentials, news).catch(() => {});
    }
    isSending = false;
  };
  return provider.subscribe(
    {
      renewed: (credentials) => {
        newest = credentials;
        void catchUp();
      },
      failed: (error) => news.failed?.(error, line),
    },
    first,
  );
}

async function logInAgain(
  line: Line,
  provider: CredentialsProvider,
  credentials: Credentials,
  news: UpkeepNews,
): Promise<void> {
  const { username, password } = credentials;
  const who = username === null ? [] : [username];
  const reply = await line.call(commandOf(["AUTH", ...who, password.reveal()]));
  if (reply[0] !== 45) return news.renewed?.(line);
  // The server's own words are left out: it may repeat what must not be told.
  const word = /^-([A-Z]+)/.exec(reply.toString("latin1", 0, 32))?.[1] ?? "ERR";
  const message = `${line.address} did not accept the renewed credentials (${word})`;
  news.failed?.(new RedoubtError("AUTH_FAILED", message, { address: line.address, stage: "auth" }), line);
  // The provider may hold on to what the server does not take any more.
  if (word === "WRONGPASS") await provider.get({ refused: credentials });
}
