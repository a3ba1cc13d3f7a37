import { type ErrorRow, row } from "./row.ts";

/** What is wrong with what you gave: the text of a connection string, an option, an argument. */
export const configuration = {
  CONFIG_SYNTAX: row(
    false,
    "A character is missing, doubled or not escaped.",
    "Correct the connection string at the position shown.",
  ),
  CONFIG_UNKNOWN_KEY: row(
    false,
    "A misspelt option, or one of another library.",
    "Use one of the known options; the nearest name is in the message.",
  ),
  CONFIG_INVALID_VALUE: row(
    false,
    "The value is of another type or out of range.",
    "Give the option a value of the type that the message names.",
  ),
  CONFIG_AMBIGUOUS: row(
    false,
    "Two dialects read this text differently.",
    "Write the string in the form of the reading that you mean; both are in the message.",
  ),
  CONFIG_INSECURE: row(
    false,
    "The text looks like TLS, and would be read as plain text or without verification.",
    "Say clearly whether you want TLS; the message names the trap and the safe spelling.",
  ),
  CONFIG_EXPOSED: row(
    false,
    "An address that other machines reach, where only programs of this one were expected.",
    "Listen on 127.0.0.1, ::1 or a Unix socket; or say that others may come in (exposed, --exposed).",
  ),
  CONFIG_PRODUCTION: row(
    false,
    "A command that destroys or stops something, on a server that is marked as production.",
    "Look again at where you are. To do it without being asked, add --yes-destroy.",
  ),
  CONFIG_NO_ENDPOINT: row(
    false,
    "The host was left out, or an empty variable was put in its place.",
    "Name at least one host, for example rediss://host:6380.",
  ),
  CONFIG_NOT_EXPRESSIBLE: row(
    false,
    "The other dialect has no word for an option that is set.",
    "Choose another dialect, or leave out the option that this one has no word for.",
  ),
  CONFIG_UNSUPPORTED: row(
    false,
    "An option of another program that Redoubt does not have.",
    "Remove the option, or do what the message says instead.",
  ),
  CONFIG_MISSING: row(
    false,
    "The variable is not set in this environment.",
    "Set the environment variable or option that the message names.",
  ),
  CONFIG_FILE: row(
    false,
    "A wrong path, or a file that this user may not read.",
    "Check the path of the file and that this user may read it.",
  ),
  CONFIG_KEY_MATERIAL: row(
    false,
    "A wrong passphrase, or a certificate and a key of different pairs.",
    "Check that certificate, key and passphrase belong together and are PEM or PKCS#12.",
  ),
} as const satisfies Record<string, ErrorRow>;
