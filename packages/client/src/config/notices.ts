/** How bad a finding is: `error`: it will not work or is unsafe; `warning`: it may surprise; `info`: good to know. */
export type Severity = "error" | "warning" | "info";

/** What Redoubt says about a weak point, and how to mend it. */
export interface NoticeRow {
  readonly severity: Severity;
  readonly fix: string;
}

const row = (severity: Severity, fix: string): NoticeRow => ({ severity, fix });

/** Everything that the parsers warn of and that the lint finds, as rows of one table. */
export const noticeTable = {
  "client-name-not-user": row(
    "warning",
    "If it is an ACL user, write username=… in the query, or use a URL (rediss://user:password@host).",
  ),
  "empty-value": row("warning", "Give the option a value or leave it out."),
  "ignored-option": row("info", "Leave the option out."),
  "lone-token-is-password": row(
    "warning",
    "Write redis://:password@host, or redis://user:@host for a user without password.",
  ),
  "no-password": row("info", "Add the password, or give a credentials provider."),
  "no-servername": row("warning", "Say which name to verify: servername=… (StackExchange: sslHost=…)."),
  "old-tls-version": row("warning", "Ask for TLS 1.2 or newer."),
  "option-not-applied": row("warning", "Leave the option out, or do its work in your code."),
  "password-differs-elsewhere": row(
    "warning",
    "Percent-encode the password (%2B for +, %40 for @, %2F for /).",
  ),
  "password-with-comma": row(
    "warning",
    "If the comma belongs to the password, use a URL: this dialect cannot express it.",
  ),
  "plain-text": row("warning", "Use rediss:// (or ssl=true) where the server offers TLS."),
  "plain-text-on-managed": row("error", "Use rediss:// (or ssl=true) with the provider's TLS port."),
  "provider-note": row("info", "Plan for it."),
  "repeated-option": row("warning", "Write the option once."),
  "tls-on-plain-port": row("warning", "Check the port: TLS usually listens on another one."),
  "tls-options-unused": row("warning", "Switch TLS on (rediss:// or ssl=true), or leave the options out."),
  "tls-by-provider": row("info", "Write ssl=true, so that every reader sees it."),
  "tls-versions-with-gap": row("info", "Name every version between the oldest and the newest."),
  "undecodable-bytes": row("warning", "Encode the text as UTF-8 before percent-encoding it."),
  "unencoded-character": row("warning", "Percent-encode it, so that every parser reads the same."),
  "unknown-option": row("warning", "Correct the name or leave the option out."),
  "wrong-port": row("error", "Use the port of the provider."),
} as const satisfies Record<string, NoticeRow>;

export type NoticeCode = keyof typeof noticeTable;
