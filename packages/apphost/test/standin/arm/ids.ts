import { TemplateFault } from "./expression.ts";

/** Where something is: `/subscriptions/S/resourceGroups/G`, `/subscriptions/S`, or empty for the tenant. */
export type ScopeId = string;

/** Pairs type and names: `Microsoft.Cache/redisEnterprise/databases` with `cache/default`. */
function segments(type: string, names: readonly string[]): string {
  const [provider = "", ...types] = type.split("/");
  if (types.length !== names.length)
    throw new TemplateFault(
      `The type '${type}' has ${types.length} segments and its name has ${names.length}: '${names.join("/")}'.`,
    );
  return `${provider}/${types.map((each, at) => `${each}/${names[at] ?? ""}`).join("/")}`;
}

/** Id of a resource in a scope, which may be another resource. */
export function idIn(scope: ScopeId, type: string, name: string): string {
  return `${scope}/providers/${segments(type, name.split("/"))}`;
}

/**
 * `resourceId([subscription], [group], type, name…)`: the type is the first argument with a slash in it.
 * @param own scope of the deployment
 */
export function resourceId(own: ScopeId, args: readonly string[]): string {
  const at = args.findIndex((each) => /^[A-Za-z][\w.]*\.[\w.]+\//.test(each));
  if (at < 0 || at > 2)
    throw new TemplateFault(`resourceId: there is no type among its arguments '${args.join("', '")}'.`);
  const [type = "", ...names] = args.slice(at);
  const { subscription, group } = partsOf(own);
  const before = args.slice(0, at);
  const itsGroup = before.at(-1) ?? group;
  const itsSubscription = before.length === 2 ? before[0] : subscription;
  const scope =
    itsGroup === undefined
      ? itsSubscription === undefined
        ? ""
        : `/subscriptions/${itsSubscription}`
      : `/subscriptions/${itsSubscription ?? ""}/resourceGroups/${itsGroup}`;
  return idIn(scope, type, names.join("/"));
}

/** Subscription and group of an id or a scope. */
export function partsOf(id: string): {
  readonly subscription: string | undefined;
  readonly group: string | undefined;
} {
  const [, subscription] = /^\/subscriptions\/([^/]+)/i.exec(id) ?? [];
  const [, group] = /^\/subscriptions\/[^/]+\/resourceGroups\/([^/]+)/i.exec(id) ?? [];
  return { subscription, group };
}

/** Type and name of a resource's id: of its last `/providers/`. */
export function typeAndName(id: string): {
  readonly type: string;
  readonly name: string;
  readonly scope: ScopeId;
} {
  const at = id.toLowerCase().lastIndexOf("/providers/");
  const [provider = "", ...rest] = id.slice(at + "/providers/".length).split("/");
  const types = rest.filter((_, index) => index % 2 === 0);
  const names = rest.filter((_, index) => index % 2 === 1);
  return { type: [provider, ...types].join("/"), name: names.join("/"), scope: id.slice(0, at) };
}

/** Id of the resource above: of a database, its cluster; `null` for one that has none. */
export function parentOf(id: string): string | null {
  const { type } = typeAndName(id);
  return type.split("/").length <= 2 ? null : id.split("/").slice(0, -2).join("/");
}
