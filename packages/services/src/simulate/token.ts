import { Buffer } from "node:buffer";
import { createHash, generateKeyPair, type KeyObject, sign } from "node:crypto";
import { promisify } from "node:util";

/** Who a token is for. */
export interface Identity {
  /** GUID of the directory. */
  readonly tenant: string;
  /** GUID of the application. */
  readonly clientId: string;
  /** GUID of its object: the name of its user at the service. */
  readonly objectId: string;
}

/** A key with which tokens are signed, and how others find it. */
export interface SigningKey {
  readonly key: KeyObject;
  /** As it is in the list of keys (RFC 7517). */
  readonly jwk: Readonly<Record<string, unknown>> & { readonly kid: string };
}

/** Makes a key. Tokens of an earlier one go on: the service knows them by their hash. */
export async function makeSigningKey(): Promise<SigningKey> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
  const { n, e } = publicKey.export({ format: "jwk" });
  const kid = createHash("sha256").update(`${n}`).digest("base64url").slice(0, 27);
  return { key: privateKey, jwk: { kty: "RSA", use: "sig", alg: "RS256", kid, x5t: kid, n, e } };
}

/**
 * An access token in the form of Microsoft Entra ID's version 1, a JSON Web Token (RFC 7519) signed with RS256.
 * @param issued and `expires`: seconds since 1970
 */
export function makeToken(
  { key, jwk }: SigningKey,
  { tenant, clientId, objectId }: Identity,
  {
    issuer,
    audience,
    issued,
    expires,
    unique,
  }: {
    readonly issuer: string;
    readonly audience: string;
    readonly issued: number;
    readonly expires: number;
    /** So that no two tokens are the same. */
    readonly unique: string;
  },
): string {
  const header = { typ: "JWT", alg: "RS256", x5t: jwk.kid, kid: jwk.kid };
  const claims = {
    aud: audience,
    iss: issuer,
    iat: issued,
    nbf: issued,
    exp: expires,
    appid: clientId,
    appidacr: "1",
    idp: issuer,
    idtyp: "app",
    oid: objectId,
    sub: objectId,
    tid: tenant,
    uti: unique,
    ver: "1.0",
  };
  const text = [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  return `${text}.${sign("RSA-SHA256", Buffer.from(text), key).toString("base64url")}`;
}
