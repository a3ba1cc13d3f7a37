import type { Evidence } from "../../probes/evidence.ts";
import { isObjectId } from "../../probes/token.ts";

/** Who tried to log in, and with what kind of password. */
export function loginLines({ target: { username, password }, token, now }: Evidence): string[] {
  const who =
    username === null
      ? "the user default"
      : isObjectId(username)
        ? `the object id ${username} (Microsoft Entra)`
        : `the user ${username}`;
  const kind = password === null ? "no password" : token === null ? "a password" : "a token";
  return [
    `${who}, with ${kind}`,
    ...(token?.expiresAt == null
      ? []
      : [
          `the token ${token.expiresAt < now ? "ended" : "ends"} at ${new Date(token.expiresAt).toISOString()}`,
        ]),
    ...(token?.objectId == null ? [] : [`the token is for the object id ${token.objectId}`]),
    ...(token?.audience == null ? [] : [`the token is meant for ${token.audience}`]),
  ];
}
