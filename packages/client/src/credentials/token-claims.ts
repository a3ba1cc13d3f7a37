import { Buffer } from "node:buffer";
import { RedoubtError } from "../errors.ts";

/**
 * The object id in an access token: the user name under which Azure knows an identity. The signature is not looked at;
 * the server does that.
 * @param token a JSON Web Token
 * @throws RedoubtError `AUTH_PROVIDER_FAILED`; the message has nothing of the token in it
 */
export function objectIdOf(token: string): string {
  const oid = claims(token)?.["oid"];
  if (typeof oid === "string" && oid !== "") return oid;
  throw new RedoubtError(
    "AUTH_PROVIDER_FAILED",
    oid === undefined ? "The token has no claim oid" : "The claim oid of the token is no text",
    { hint: "Say who logs in: entraCredentials(credential, { username: objectId })." },
  );
}

function claims(token: string): Record<string, unknown> | null {
  try {
    const payload = Buffer.from(token.split(".")[1] ?? "", "base64url").toString();
    return JSON.parse(payload) as Record<string, unknown> | null;
  } catch {
    // The parser's own message repeats the text.
    return null;
  }
}
