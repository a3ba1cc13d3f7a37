import type { Store } from "./arm/store.ts";
import type { Call, Reply } from "./door.ts";
import type { TokenMint } from "./tokens.ts";

/** The built-in role Key Vault Secrets User. */
export const secretsUser = "4633458b-17de-408a-b874-0445c86b69e6";

/** Answers as the data plane of a vault does: `GET /secrets/NAME[/VERSION]?api-version=7.4`. */
export function vaultAnswer(
  { method, path, url, headers }: Call,
  vault: string,
  {
    store,
    mint,
    since,
  }: { readonly store: Store; readonly mint: TokenMint; readonly since: (roleId: string) => boolean },
): Reply {
  const error = (status: number, code: string, message: string): Reply => ({
    status,
    body: { error: { code, message } },
  });
  const refusal = mint.check(headers.authorization, "https://localhost");
  if (refusal !== null)
    return {
      status: 401,
      headers: {
        "www-authenticate": `Bearer authorization="https://login.localhost/${mint.login.tenant}", resource="https://localhost"`,
      },
      body: { error: { code: "Unauthorized", message: `AKV10000: ${refusal}` } },
    };
  if (!["7.4", "7.5", "7.6"].includes(url.searchParams.get("api-version") ?? ""))
    return error(400, "BadParameter", "The specified version is not recognized.");
  const [, name] = /^\/secrets\/([A-Za-z0-9-]{1,127})(?:\/[0-9a-f]*)?$/.exec(path) ?? [];
  if (method !== "GET" || name === undefined) return error(404, "NotFound", `There is no ${method} ${path}.`);
  const its = store
    .all()
    .find((each) => each.type.toLowerCase() === "microsoft.keyvault/vaults" && each.name === vault);
  const allowed = store
    .all()
    .some(
      ({ id, type, properties }) =>
        type.toLowerCase() === "microsoft.authorization/roleassignments" &&
        id.toLowerCase().startsWith(`${its?.id.toLowerCase()}/`) &&
        properties["principalId"] === mint.login.objectId &&
        String(properties["roleDefinitionId"]).endsWith(secretsUser) &&
        since(id),
    );
  if (!allowed)
    return error(403, "Forbidden", "Caller is not authorized to perform action on resource. ForbiddenByRbac");
  const secret = its === undefined ? null : store.get(`${its.id}/secrets/${name}`);
  if (secret === null)
    return error(404, "SecretNotFound", `A secret with (name/id) ${name} was not found in this key vault.`);
  return {
    status: 200,
    body: {
      value: secret.hidden["value"],
      id: `https://localhost/secrets/${name}/0`,
      attributes: { enabled: true },
    },
  };
}
