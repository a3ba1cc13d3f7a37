import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";

/** Who logs in at the stand-in. */
export interface Login {
  readonly tenant: string;
  readonly objectId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** A person's name at the directory; `null` for an application. */
  readonly upn: string | null;
}

/** Why a token is refused. */
export type Refusal = "missing" | "invalid" | "expired" | "audience" | "revoked";

/** Issues and checks tokens: JSON Web Tokens, signed with a key of this process. */
export class TokenMint {
  readonly login: Login;
  /** How long new tokens live, ms. */
  lifetime = 3_600_000;
  /** Added to this machine's clock, ms: the stand-in lives in another time. */
  skew = 0;
  readonly issued: string[] = [];
  readonly #key = randomUUID();
  readonly #revoked = new Set<string>();

  constructor(login: Login) {
    this.login = login;
  }

  get now(): number {
    return Date.now() + this.skew;
  }

  issue(audience: string): { readonly token: string; readonly expires: number } {
    const { tenant, objectId, clientId, upn } = this.login;
    const issued = Math.floor(this.now / 1000);
    const expires = Math.floor((this.now + this.lifetime) / 1000);
    const who = upn === null ? { idtyp: "app", appid: clientId } : { idtyp: "user", upn };
    const claims = {
      aud: audience,
      iat: issued,
      exp: expires,
      oid: objectId,
      tid: tenant,
      uti: randomUUID(),
      ...who,
    };
    const text = [{ typ: "JWT", alg: "HS256" }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
      .join(".");
    const token = `${text}.${this.#sign(text)}`;
    this.issued.push(token);
    return { token, expires: expires * 1000 };
  }

  /** From now on, what was issued so far is refused. */
  revokeAll(): void {
    for (const token of this.issued) this.#revoked.add(token);
  }

  /** @returns why it is refused, or `null` */
  check(authorization: string | undefined, audience: string): Refusal | null {
    const [, token] = /^Bearer (.+)$/.exec(authorization ?? "") ?? [];
    if (token === undefined) return "missing";
    const [head = "", body = "", signature = ""] = token.split(".");
    const expected = Buffer.from(this.#sign(`${head}.${body}`));
    const given = Buffer.from(signature);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return "invalid";
    const { aud, exp } = JSON.parse(Buffer.from(body, "base64url").toString()) as {
      aud: string;
      exp: number;
    };
    if (exp * 1000 <= this.now) return "expired";
    if (this.#revoked.has(token)) return "revoked";
    return aud === audience ? null : "audience";
  }

  #sign(text: string): string {
    return createHmac("sha256", this.#key).update(text).digest("base64url");
  }
}
