import { setTimeout as delay } from "node:timers/promises";
import { auth } from "../commands/connection.ts";
import { sameLogin } from "../credentials/provider.ts";
import { RedoubtError } from "../errors.ts";
import { asStrings } from "../protocol/reply.ts";
import { type LoginNews, loginChannel } from "../tracing/channels.ts";
import type { Connection } from "./connection.ts";
import type { ProvidedLogin } from "./login.ts";

/** How often it is looked whether a transaction that is in the way has ended, ms. */
const lookAgain = 10;

/** What {@link stayLoggedIn} needs of whoever keeps the connection. */
export interface LoginKeeper {
  /** Credentials could not be renewed, or the server did not accept them; the connection goes on with the old ones. */
  readonly onError: (error: RedoubtError) => void;
  /** The connection cannot be logged in anew: it has to be replaced, once what it was asked is answered. */
  readonly replace: (because: RedoubtError) => void;
}

/**
 * Logs a connection in again whenever its provider has new credentials. `AUTH` takes its place among the commands, so
 * that none is lost or overtaken, and waits while a transaction written by hand is open. A RESP2 connection that has
 * subscribed takes no `AUTH`: it is replaced.
 * @param login what the connection is logged in with; null: it needs no renewal
 * @returns ends it; to be called when the connection is closed
 */
export function stayLoggedIn(
  connection: Connection,
  login: ProvidedLogin | null,
  { onError, replace }: LoginKeeper,
): () => void {
  if (login === null) return () => {};
  const { provider } = login;
  const { address } = connection.report;
  let sent = login.credentials;
  let newest = sent;
  let sending = false;
  let over = false;
  const tell = (event: LoginNews["event"], error: RedoubtError | null): void => {
    if (loginChannel.hasSubscribers)
      loginChannel.publish({ event, server: address, error } satisfies LoginNews);
    if (error !== null) onError(error);
  };

  const sendNewest = async (): Promise<void> => {
    sent = newest;
    const { username, password } = sent;
    try {
      const command = auth({ username: username ?? undefined, password: password.reveal() });
      await connection.send(command, asStrings);
      tell("renewed", null);
    } catch (cause) {
      if (over) return;
      const error = cause as RedoubtError;
      tell("refused", notAccepted(error, address));
      // The provider may hold on to what the server does not take any more.
      if (error.code === "AUTH_FAILED")
        await provider
          .get({ refused: sent })
          .catch((failure: RedoubtError) => over || tell("failed", failure));
    }
  };

  const catchUp = async (): Promise<void> => {
    if (sending) return;
    sending = true;
    while (!over && !sameLogin(newest, sent)) {
      if (connection.isSubscriber) {
        const message = `The credentials were renewed, which a RESP2 subscriber cannot tell ${address}: connecting again`;
        replace(new RedoubtError("CLOSED_CONNECTION", message, { address }));
        return;
      }
      if (connection.inTransaction) await delay(lookAgain, undefined, { ref: false });
      else await sendNewest();
    }
    sending = false;
  };

  const unsubscribe = provider.subscribe(
    {
      renewed: (credentials) => {
        newest = credentials;
        void catchUp();
      },
      failed: (error) => tell("failed", error.alsoWith({ address })),
    },
    sent,
  );
  return () => {
    over = true;
    unsubscribe();
  };
}

function notAccepted(error: RedoubtError, address: string): RedoubtError {
  const message = `${address} did not accept the renewed credentials: ${error.message}`;
  return new RedoubtError(error.code, message, { address, stage: "auth", hint: error.hint, cause: error });
}
