import { RedoubtError } from "@redoubt/client";

/** Says why an address cannot be listened on: `TCP_ADDRESS_IN_USE`, `TCP_FAILED`. */
export function listenError(cause: NodeJS.ErrnoException, address: string): RedoubtError {
  if (cause.code === "EADDRINUSE")
    return new RedoubtError("TCP_ADDRESS_IN_USE", `Something listens on ${address} already`, {
      address,
      cause,
    });
  const why =
    cause.code === "EACCES"
      ? "this user may not"
      : cause.code === "EADDRNOTAVAIL"
        ? "this machine has no such address"
        : (cause.code ?? cause.message);
  return new RedoubtError("TCP_FAILED", `Cannot listen on ${address}: ${why}`, {
    address,
    cause,
    hint: "Choose an address of this machine, and a port that this user may open (1024 or above).",
  });
}
