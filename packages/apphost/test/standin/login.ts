import type { Call, Reply } from "./door.ts";
import type { TokenMint } from "./tokens.ts";

/**
 * Answers as Microsoft Entra ID does (`POST /TENANT/oauth2/v2.0/token` for client credentials, RFC 6749 4.4, and its metadata), and
 * as Resource Manager does of its cloud: `GET /metadata/endpoints`.
 * @returns `null` for what is not about logging in
 */
export function loginAnswer(
  { method, path, url, text }: Call,
  mint: TokenMint,
  origin: string,
): Reply | null {
  const { tenant, clientId, clientSecret } = mint.login;
  const refuse = (status: number, error: string, description: string): Reply => ({
    status,
    body: { error, error_description: description },
  });
  switch (`${method} ${path}`) {
    case "GET /metadata/endpoints":
      if (url.searchParams.get("api-version") !== "2022-09-01")
        return refuse(400, "InvalidApiVersionParameter", "2022-09-01 is known here.");
      return {
        status: 200,
        body: {
          name: "StandIn",
          portal: "https://portal.localhost",
          resourceManager: `${origin}/`,
          authentication: {
            loginEndpoint: `${origin}/`,
            audiences: [origin],
            tenant: "common",
            identityProvider: "AAD",
          },
          suffixes: { keyVaultDns: "localhost" },
        },
      };
    case `GET /${tenant}/v2.0/.well-known/openid-configuration`:
      return {
        status: 200,
        body: {
          issuer: `${origin}/${tenant}/v2.0`,
          authorization_endpoint: `${origin}/${tenant}/oauth2/v2.0/authorize`,
          token_endpoint: `${origin}/${tenant}/oauth2/v2.0/token`,
          jwks_uri: `${origin}/${tenant}/discovery/v2.0/keys`,
          token_endpoint_auth_methods_supported: ["client_secret_post"],
          response_types_supported: ["code"],
          tenant_region_scope: null,
        },
      };
    case `POST /${tenant}/oauth2/v2.0/token`: {
      const form = new URLSearchParams(text);
      if (form.get("grant_type") !== "client_credentials")
        return refuse(400, "unsupported_grant_type", "AADSTS70003: only client_credentials is supported.");
      if (form.get("client_id") !== clientId)
        return refuse(400, "unauthorized_client", "AADSTS700016: There is no application of this client_id.");
      if (form.get("client_secret") !== clientSecret)
        return refuse(401, "invalid_client", "AADSTS7000215: Invalid client secret provided.");
      const scope = (form.get("scope") ?? "").split(" ").find((each) => each.endsWith("/.default"));
      if (scope === undefined) return refuse(400, "invalid_scope", "AADSTS70011: The scope is not valid.");
      const { token } = mint.issue(scope.replace(/\/\.default$/, ""));
      const seconds = Math.floor(mint.lifetime / 1000);
      return {
        status: 200,
        body: { token_type: "Bearer", expires_in: seconds, ext_expires_in: seconds, access_token: token },
      };
    }
    default:
      return null;
  }
}
