import type { Secret } from "@redoubt/client";

/** What a password says of itself where it is a JSON Web Token. The signature is not looked at. */
export interface TokenClaims {
  /** ms since 1970; `null` where it does not say. */
  readonly expiresAt: number | null;
  readonly notBefore: number | null;
  readonly objectId: string | null;
  readonly audience: string | null;
}

/** Who may be meant by a token for Redis on Azure: the name of the service, and its id. */
export const redisAudiences: readonly string[] = [
  "https://redis.azure.com",
  "https://redis.azure.com/",
  "acca5fbb-b7e4-4009-81f1-37e38fd66d78",
];

/** Reads the claims of a token; `null` for a password that is none. Nothing of the token itself is kept. */
export function claimsOf(password: Secret | null): TokenClaims | null {
  const parts = password?.reveal().split(".") ?? [];
  if (parts.length !== 3 || !parts[0]?.startsWith("ey")) return null;
  let claims: unknown;
  try {
    claims = JSON.parse(Buffer.from(parts[1] ?? "", "base64url").toString());
  } catch {
    return null;
  }
  if (typeof claims !== "object" || claims === null) return null;
  const { exp, nbf, oid, aud } = claims as Record<string, unknown>;
  const text = (value: unknown): string | null => (typeof value === "string" ? value : null);
  const time = (value: unknown): number | null => (typeof value === "number" ? value * 1000 : null);
  return { expiresAt: time(exp), notBefore: time(nbf), objectId: text(oid), audience: text(aud) };
}

/** Microsoft Entra's users are object ids. */
export function isObjectId(name: string | null): boolean {
  return name !== null && /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(name);
}
