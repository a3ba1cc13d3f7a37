/**
 * Service tags whose addresses all lie in another's, as far as it is documented; names in lower case. Every tag of a service
 * lies in `azurecloud`, and `x.region` in `x`.
 */
const parents: Readonly<Record<string, string>> = {
  actiongroup: "azuremonitor",
  applicationinsightsavailability: "azuremonitor",
};

/** Tags that stand for no addresses of a service. */
const special = new Set(["virtualnetwork", "internet", "azureloadbalancer"]);

/** Tags that an ordinary rule may name to filter what Azure's host serves, which no other rule touches. */
export const platformTags: ReadonlySet<string> = new Set([
  "azureplatformdns",
  "azureplatformimds",
  "azureplatformlkm",
]);

/**
 * Tags of services whose addresses nobody else has, so that a rule for one never matches the other. Others may overlap, and only
 * their prefixes can tell.
 */
const apart = new Set([
  "azurekeyvault",
  "azuremonitor",
  "storage",
  "eventhub",
  "sql",
  "azurecosmosdb",
  "azureactivedirectory",
  "azurecontainerregistry",
  "azurebackup",
  "servicebus",
  "gatewaymanager",
  "azuretrafficmanager",
  "azuresiterecovery",
  "azuredevops",
  "azuredatabricks",
  "hdinsight",
  "azurebotservice",
  "azureappconfiguration",
  "azureeventgrid",
  "azureiothub",
  "batchnodemanagement",
  "apimanagement",
  "logicapps",
  "cognitiveservicesmanagement",
]);

/** A tag as it is compared: lower case, without the underscores of the classic model (`AZURE_LOADBALANCER`). */
export function tagKey(text: string): string {
  return text.trim().toLowerCase().replaceAll("_", "");
}

/** How the addresses of two tags lie to each other. */
export type TagRelation = "equal" | "inside" | "contains" | "apart" | "unknown";

/** How the addresses of `a` lie to those of `b`: `inside` when all of `a` are in `b`. Of services, not of the special tags. */
export function relate(a: string, b: string): TagRelation {
  const [x, y] = [tagKey(a), tagKey(b)];
  if (x === y) return "equal";
  if (isInside(x, y)) return "inside";
  if (isInside(y, x)) return "contains";
  const [serviceX, serviceY] = [serviceOf(x), serviceOf(y)];
  if (serviceX === serviceY) return "apart";
  return apart.has(serviceX) && apart.has(serviceY) ? "apart" : "unknown";
}

function isInside(inner: string, outer: string): boolean {
  if (special.has(inner) || special.has(outer)) return false;
  if (inner.startsWith(`${outer}.`)) return true;
  if (outer === "azurecloud") return true;
  const parent = parents[serviceOf(inner)];
  return parent !== undefined && (parent === outer || isInside(parent, outer));
}

function serviceOf(tag: string): string {
  return tag.split(".")[0] ?? tag;
}
