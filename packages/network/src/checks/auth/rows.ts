import { type CheckRow, rowOf } from "../row.ts";

const row = rowOf("auth");

/** Checks of the area `auth`. */
export const authRows = {
  "auth-missing": row(
    "error",
    0.95,
    "The server wants a password",
    "Add it to the string, or give a credentials provider.",
  ),
  "auth-password": row("error", 0.85, "The password of the default user is wrong", "Copy the key again."),
  "auth-user": row(
    "error",
    0.85,
    "User or password is wrong, or the user is disabled",
    "Check the user's name, state and password.",
  ),
  "auth-token-expired": row(
    "error",
    0.97,
    "The token has expired",
    "Fetch a new one, or let a provider renew it.",
  ),
  "auth-token-other": row(
    "error",
    0.96,
    "The token is for another user or another service",
    "Log in with the object id, and a token for Redis.",
  ),
  "auth-not-configured": row(
    "error",
    0.9,
    "A password was given to a server that has none",
    "Remove the password; check that this is the right server.",
  ),
  "auth-limited": row(
    "info",
    0.1,
    "The user may not run what the doctor asks for",
    "Nothing, where the program does not need it.",
  ),
} as const satisfies Record<string, CheckRow>;
