const secretSettings: ReadonlySet<string> = new Set([
  "masterauth",
  "masteruser",
  "requirepass",
  "tls-key-file-pass",
  "tls-client-key-file-pass",
]);

/** Whether a command may hold a password, so that it must not be kept. @param words any letter case */
export function isSensitive(words: readonly string[]): boolean {
  const lower = words.map((word) => word.toLowerCase());
  const [first = "", second = "", third = ""] = lower;
  switch (first) {
    case "auth":
      return true;
    case "acl":
      return ["setuser", "deluser", "getuser"].includes(second);
    case "config":
      return (
        second === "set" &&
        lower.slice(2).some((name) => secretSettings.has(name) || /pass|auth|secret/.test(name))
      );
    case "hello":
    case "migrate":
      return lower.slice(1).some((word) => word === "auth" || word === "auth2");
    case "sentinel":
      return (
        (second === "config" && third === "set" && (lower[3] ?? "").startsWith("sentinel-")) ||
        (second === "set" && lower.slice(3).some((word) => word === "auth-pass" || word === "auth-user"))
      );
    default:
      return false;
  }
}
