import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Identity, SigningKey } from "./token.ts";

/** What the endpoint answers with. */
export interface EndpointGround {
  readonly identity: Identity;
  readonly clientSecret: string;
  /** What `X-IDENTITY-HEADER` must say. */
  readonly identityHeader: string;
  readonly signing: SigningKey;
  /** Makes a token that the service takes. */
  issue(
    audience: string,
  ): Promise<{ readonly token: string; readonly expiresAt: number; readonly issuedAt: number }>;
}

/** An answer: status and JSON. */
type Answer = readonly [status: number, body: object];

/** The service in the words of Entra: by name, and by the GUID of its application. */
const audiences = ["https://redis.azure.com", "acca5fbb-b7e4-4009-81f1-37e38fd66d78"];

/** The longest body of a request, bytes. */
const longestBody = 64 * 1024;

/**
 * Answers as Microsoft Entra ID and the identity endpoints of Azure's hosts do: `POST /TENANT/oauth2/v2.0/token` for
 * client credentials (RFC 6749 4.4), its metadata and keys, `GET /metadata/identity/oauth2/token` of virtual machines (IMDS), and `GET
 * /msi/token` of App Service and Container Apps (`IDENTITY_ENDPOINT`).
 */
export function answerer(
  ground: EndpointGround,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    void answer(ground, request)
      .catch(
        (): Answer => [500, { error: "server_error", error_description: "The token could not be issued." }],
      )
      .then(([status, body]) => {
        response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
        response.end(JSON.stringify(body));
      });
  };
}

async function answer(ground: EndpointGround, request: IncomingMessage): Promise<Answer> {
  const { tenant } = ground.identity;
  const origin = `${"encrypted" in request.socket ? "https" : "http"}://${request.headers.host ?? "localhost"}`;
  const url = new URL(request.url ?? "/", origin);
  const at = `${request.method} ${url.pathname}`;
  switch (at) {
    case `POST /${tenant}/oauth2/v2.0/token`:
      return clientCredentials(
        ground,
        new URLSearchParams(await bodyOf(request)),
        request.headers.authorization,
      );
    case "GET /metadata/identity/oauth2/token":
      return request.headers["metadata"] === "true"
        ? managedIdentity(ground, url.searchParams)
        : [400, { error: "invalid_request", error_description: "Required metadata header not specified" }];
    case "GET /msi/token":
      return same(String(request.headers["x-identity-header"] ?? ""), ground.identityHeader)
        ? managedIdentity(ground, url.searchParams)
        : [401, { error: "unauthorized_client", error_description: "X-IDENTITY-HEADER is missing or wrong" }];
    case `GET /${tenant}/v2.0/.well-known/openid-configuration`:
      return [200, metadata(origin, tenant)];
    case `GET /${tenant}/discovery/v2.0/keys`:
      return [200, { keys: [ground.signing.jwk] }];
    default:
      return [404, { error: "not_found", error_description: `There is no ${at}` }];
  }
}

async function clientCredentials(
  ground: EndpointGround,
  form: URLSearchParams,
  authorization: string | undefined,
): Promise<Answer> {
  const { clientId } = ground.identity;
  const refuse = (status: number, error: string, text: string): Answer => [
    status,
    { error, error_description: text, error_codes: [Number(/\d+/.exec(text)?.[0] ?? 0)] },
  ];
  if (form.get("grant_type") !== "client_credentials")
    return refuse(400, "unsupported_grant_type", "AADSTS70003: only client_credentials is supported here.");
  const [basicId, basicSecret] = basic(authorization);
  if ((form.get("client_id") ?? basicId) !== clientId)
    return refuse(400, "unauthorized_client", "AADSTS700016: There is no application of this client_id.");
  if (!same(form.get("client_secret") ?? basicSecret ?? "", ground.clientSecret))
    return refuse(401, "invalid_client", "AADSTS7000215: Invalid client secret provided.");
  const audience = audienceOf((form.get("scope") ?? "").replace(/\/\.default$/, ""));
  if (audience === null)
    return refuse(400, "invalid_scope", "AADSTS70011: The scope must be https://redis.azure.com/.default.");
  const { token, expiresAt, issuedAt } = await ground.issue(audience);
  const seconds = Math.max(0, Math.floor((expiresAt - issuedAt) / 1000));
  return [200, { token_type: "Bearer", expires_in: seconds, ext_expires_in: seconds, access_token: token }];
}

async function managedIdentity(ground: EndpointGround, query: URLSearchParams): Promise<Answer> {
  const { clientId } = ground.identity;
  const asked = query.get("client_id");
  if (asked !== null && asked !== clientId)
    return [400, { error: "invalid_request", error_description: "Identity not found" }];
  const audience = audienceOf(query.get("resource") ?? "");
  if (audience === null)
    return [
      400,
      { error: "invalid_resource", error_description: "The resource must be https://redis.azure.com" },
    ];
  const { token, expiresAt, issuedAt } = await ground.issue(audience);
  // Numbers in quotes: so they are with Azure.
  return [
    200,
    {
      access_token: token,
      client_id: clientId,
      expires_in: String(Math.max(0, Math.floor((expiresAt - issuedAt) / 1000))),
      expires_on: String(Math.floor(expiresAt / 1000)),
      ext_expires_in: String(Math.max(0, Math.floor((expiresAt - issuedAt) / 1000))),
      not_before: String(Math.floor(issuedAt / 1000)),
      resource: audience,
      token_type: "Bearer",
    },
  ];
}

/** What identity packages read before they ask for a token (OpenID Connect Discovery 1.0). */
function metadata(origin: string, tenant: string): object {
  return {
    issuer: `${origin}/${tenant}/v2.0`,
    token_endpoint: `${origin}/${tenant}/oauth2/v2.0/token`,
    authorization_endpoint: `${origin}/${tenant}/oauth2/v2.0/authorize`,
    jwks_uri: `${origin}/${tenant}/discovery/v2.0/keys`,
    token_endpoint_auth_methods_supported: ["client_secret_post", "client_secret_basic"],
    response_types_supported: ["token"],
    subject_types_supported: ["pairwise"],
    id_token_signing_alg_values_supported: ["RS256"],
  };
}

function audienceOf(resource: string): string | null {
  const wanted = resource.replace(/\/+$/, "");
  return audiences.includes(wanted) ? wanted : null;
}

function basic(authorization: string | undefined): (string | undefined)[] {
  const encoded = /^Basic (\S+)$/i.exec(authorization ?? "")?.[1];
  if (encoded === undefined) return [];
  return Buffer.from(encoded, "base64").toString().split(/:(.*)/s, 2).map(decoded);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** In the same time whatever is said. */
function same(a: string, b: string): boolean {
  const [one, other] = [a, b].map((text) => createHash("sha256").update(text).digest()) as [Buffer, Buffer];
  return timingSafeEqual(one, other);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > longestBody) throw new Error("the body is too long");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
