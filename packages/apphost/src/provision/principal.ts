import { RedoubtError } from "@redoubt/client";

/** Who deploys: what templates are given as `principalId`, `principalName` and `principalType`. */
export interface Principal {
  /** Object id. */
  readonly id: string;
  readonly name: string;
  readonly type: "User" | "ServicePrincipal";
  readonly tenant: string;
}

/**
 * Who a token of Resource Manager belongs to, by its claims: `oid`; `upn`, `email` or the application's id as the name; `idtyp`
 * says what it is. The signature is not looked at, Azure does that.
 * @throws RedoubtError `AUTH_PROVIDER_FAILED`; the message has nothing of the token in it
 */
export function principalOf(token: string): Principal {
  const claims = claimsOf(token);
  const text = (name: string): string | undefined => {
    const value = claims[name];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const id = text("oid");
  const tenant = text("tid");
  if (id === undefined || tenant === undefined)
    throw new RedoubtError(
      "AUTH_PROVIDER_FAILED",
      "The token for Azure Resource Manager does not say whose it is",
      {
        hint: "It has no claim oid or tid: say with Azure:CredentialSource where tokens come from.",
      },
    );
  const isApp = text("idtyp") === "app";
  const name =
    text("upn") ?? text("unique_name") ?? text("email") ?? text("app_displayname") ?? text("appid") ?? id;
  return { id, name, type: isApp ? "ServicePrincipal" : "User", tenant };
}

function claimsOf(token: string): Record<string, unknown> {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    if (typeof claims === "object" && claims !== null) return claims as Record<string, unknown>;
  } catch {
    // The parser's own message repeats the text.
  }
  return {};
}
