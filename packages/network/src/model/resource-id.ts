/** What the parts of an Azure resource id say. Azure does not tell upper and lower case apart, so `key` is lower case. */
export interface ResourceId {
  readonly text: string;
  /** For comparing. */
  readonly key: string;
  readonly subscription: string | null;
  readonly resourceGroup: string | null;
  /** `microsoft.network/virtualnetworks/subnets`, in lower case. */
  readonly type: string;
  /** Names from the outermost resource to the one itself. */
  readonly names: readonly string[];
}

/** Reads an id. What is not one has an empty type and itself as its name. */
export function resourceId(text: string): ResourceId {
  const [, subscription] = /^\/subscriptions\/([^/]+)/i.exec(text) ?? [];
  const [, resourceGroup] = /\/resourceGroups\/([^/]+)/i.exec(text) ?? [];
  const at = text.toLowerCase().lastIndexOf("/providers/");
  const parts = at < 0 ? [] : text.slice(at + "/providers/".length).split("/");
  const pairs = parts.slice(1);
  const types = pairs.filter((_, index) => index % 2 === 0);
  const names = pairs.filter((_, index) => index % 2 === 1);
  return {
    text,
    key: idKey(text),
    subscription: subscription ?? null,
    resourceGroup: resourceGroup ?? null,
    type: parts.length === 0 ? "" : [parts[0], ...types].join("/").toLowerCase(),
    names: names.length === 0 ? [text] : names,
  };
}

/** An id as it is compared. */
export function idKey(text: string): string {
  return text.toLowerCase().replace(/\/+$/, "");
}

/** Whether two ids name the same resource. */
export function sameId(a: string | null, b: string | null): boolean {
  return a !== null && b !== null && idKey(a) === idKey(b);
}

/** The last name of an id: `app` of `…/subnets/app`. */
export function shortName(id: string): string {
  return resourceId(id).names.at(-1) ?? id;
}

/** `vnet/subnet` of a subnet's id, for people. */
export function subnetName(id: string): string {
  return resourceId(id).names.slice(-2).join("/");
}

/** The id of the resource that this one is a part of: the virtual network of a subnet. */
export function parentId(id: string): string {
  return id.replace(/\/+$/, "").split("/").slice(0, -2).join("/");
}
