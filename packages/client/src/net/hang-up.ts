import { RedoubtError } from "../errors.ts";
import { isTlsFailure } from "../tls/explain.ts";
import type { TlsPolicy } from "../tls/policy.ts";
import { socketError } from "./open.ts";
import { speaksTls } from "./probe.ts";
import { type Address, addressText } from "./resolve.ts";
import { SecureAttempt } from "./secure.ts";
import { Wire } from "./wire.ts";

/** How long the second connection may take that finds out why the first one was refused, ms. */
const inquiry = 1000;

/**
 * Says why a peer hung up instead of answering `HELLO`: which of both sides misunderstands the other?
 * @param error what `exchange` threw
 * @param attempt the TLS side of the connection; null where plain text is spoken
 * @param signal ends the inquiry: then what is known already is said
 */
export async function whyHungUp(
  error: NodeJS.ErrnoException,
  address: Address,
  attempt: { readonly secure: SecureAttempt; readonly policy: TlsPolicy } | null,
  signal: AbortSignal,
): Promise<RedoubtError> {
  if (error instanceof RedoubtError) return error;
  if (attempt !== null) {
    // TLS 1.3 servers judge the client's certificate after the client thinks that the handshake is over.
    if (isTlsFailure(error)) return attempt.secure.failure(error);
    return (await laterAlert(address, attempt.policy, signal)) ?? socketError(error, addressText(address));
  }
  if (!(await speaksTls(address, inquiry, signal))) return socketError(error, addressText(address));
  const where = addressText(address);
  return new RedoubtError("TLS_PEER_REQUIRES_TLS", `${where} speaks TLS where plain text was asked for`, {
    address: where,
    stage: "tls",
  });
}

/** A reset can overtake the alert that explains it. A second handshake that sends nothing lets the alert arrive. */
function laterAlert(address: Address, policy: TlsPolicy, signal: AbortSignal): Promise<RedoubtError | null> {
  const attempt = new SecureAttempt(address, policy, new Wire().socketOptions);
  const { socket } = attempt;
  return new Promise((resolve) => {
    const done = (found: RedoubtError | null): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", nothing);
      socket.destroy();
      resolve(found);
    };
    const nothing = (): void => done(null);
    const timer = setTimeout(nothing, inquiry);
    socket.on("error", (error) => done(isTlsFailure(error) ? attempt.failure(error) : null));
    socket.once("close", nothing);
    if (signal.aborted) nothing();
    else signal.addEventListener("abort", nothing);
  });
}
