import type { Call, Reply } from "../door.ts";
import { Deployment, type DeploymentGround } from "./deployment.ts";
import { TemplateFault } from "./expression.ts";
import { ProviderFault, type Stored } from "./providers.ts";
import { whatIf } from "./what-if.ts";

type Section = Readonly<Record<string, unknown>>;

/** What the router needs to know. */
export interface RouterGround extends DeploymentGround {
  readonly subscriptions: readonly { readonly subscriptionId: string; readonly displayName: string }[];
  readonly locations: readonly {
    readonly name: string;
    readonly displayName: string;
    readonly logical?: boolean;
  }[];
  readonly deployments: Map<string, Deployment>;
  /** Headers that say when to ask again. */
  readonly pace: () => Readonly<Record<string, string>>;
  readonly origin: () => string;
  /** Answers of things that take a while, by their path. */
  readonly results: Map<string, () => Reply>;
}

const wrong = (status: number, code: string, message: string): Reply => ({
  status,
  body: { error: { code, message } },
});

const versions = {
  deployments: new Set(["2021-04-01", "2022-09-01", "2024-03-01", "2025-04-01"]),
  groups: new Set(["2021-04-01", "2022-09-01", "2024-03-01", "2025-04-01"]),
  lists: new Set(["2021-01-01", "2022-12-01"]),
};

const at = {
  subscriptions: /^\/subscriptions$/i,
  tenants: /^\/tenants$/i,
  locations: /^\/subscriptions\/([^/]+)\/locations$/i,
  group: /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)$/i,
  resources: /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/resources$/i,
  deployment:
    /^((?:\/subscriptions\/[^/]+(?:\/resourceGroups\/[^/]+)?)?)\/providers\/Microsoft\.Resources\/deployments\/([^/]+)(?:\/(cancel|whatIf|operations|operationStatuses\/[^/]+))?$/i,
};

/** Answers as Azure Resource Manager does. Source: the REST references of "resources" and "subscription". */
export function route(call: Call, ground: RouterGround): Reply {
  const { path, method } = call;
  const result = ground.results.get(path);
  if (result !== undefined && method === "GET") return result();
  const version = call.url.searchParams.get("api-version");
  if (version === null)
    return wrong(
      400,
      "MissingApiVersionParameter",
      "The api-version query parameter (?api-version=) is required for all requests.",
    );
  const supported = (kind: keyof typeof versions): Reply | null =>
    versions[kind].has(version)
      ? null
      : wrong(400, "InvalidApiVersionParameter", `The api-version '${version}' is invalid.`);
  const subscription = /^\/subscriptions\/([^/]+)/i.exec(path)?.[1];
  if (
    subscription !== undefined &&
    !ground.subscriptions.some(({ subscriptionId }) => subscriptionId === subscription)
  )
    return wrong(404, "SubscriptionNotFound", `The subscription '${subscription}' could not be found.`);
  if (at.subscriptions.test(path))
    return (
      supported("lists") ??
      paged(
        call,
        ground,
        ground.subscriptions.map((each) => ({
          id: `/subscriptions/${each.subscriptionId}`,
          state: "Enabled",
          ...each,
        })),
      )
    );
  if (at.tenants.test(path))
    return (
      supported("lists") ?? {
        status: 200,
        body: { value: [{ tenantId: ground.tenant, displayName: "stand-in" }] },
      }
    );
  if (at.locations.test(path))
    return (
      supported("lists") ??
      paged(
        call,
        ground,
        ground.locations.map(({ name, displayName, logical }) => ({
          name,
          displayName,
          metadata: { regionType: logical === true ? "Logical" : "Physical" },
        })),
      )
    );
  const [, , groupName] = at.group.exec(path) ?? [];
  if (groupName !== undefined)
    return supported("groups") ?? group(call, subscription ?? "", groupName, ground);
  const [, , resourcesOf] = at.resources.exec(path) ?? [];
  if (resourcesOf !== undefined)
    return supported("groups") ?? resources(subscription ?? "", resourcesOf, ground);
  const found = at.deployment.exec(path);
  if (found !== null) return supported("deployments") ?? deployment(call, found, ground);
  return wrong(404, "InvalidResourceType", `There is no ${method} ${path}.`);
}

/** Two at a time, so that whoever lists must follow `nextLink`. */
function paged({ url }: Call, { origin }: RouterGround, all: readonly unknown[]): Reply {
  const skip = Number(url.searchParams.get("$skiptoken") ?? 0);
  const next = new URL(url.pathname + url.search, origin());
  next.searchParams.set("$skiptoken", String(skip + 2));
  return {
    status: 200,
    body: { value: all.slice(skip, skip + 2), ...(skip + 2 < all.length && { nextLink: next.href }) },
  };
}

const groupDocument = (
  subscription: string,
  { name, location, tags }: { name: string; location: string; tags: Section },
): Section => ({
  id: `/subscriptions/${subscription}/resourceGroups/${name}`,
  name,
  type: "Microsoft.Resources/resourceGroups",
  location,
  tags,
  properties: { provisioningState: "Succeeded" },
});

const noGroup = (name: string): Reply =>
  wrong(404, "ResourceGroupNotFound", `Resource group '${name}' could not be found.`);

function group(
  { method, path, text }: Call,
  subscription: string,
  name: string,
  ground: RouterGround,
): Reply {
  const { groups } = ground.store;
  const key = `${subscription}/${name}`.toLowerCase();
  const before = groups.get(key);
  switch (method) {
    case "GET":
      return before === undefined
        ? noGroup(name)
        : { status: 200, body: groupDocument(subscription, before) };
    case "PUT": {
      const { location, tags = {} } = JSON.parse(text) as {
        location?: unknown;
        tags?: Record<string, string>;
      };
      if (typeof location !== "string")
        return wrong(400, "LocationRequired", "The location property is required for this definition.");
      if (!ground.locations.some((each) => each.name === location))
        return wrong(
          400,
          "LocationNotAvailableForResourceGroup",
          `The provided location '${location}' is not available for resource group.`,
        );
      if (before !== undefined && before.location !== location)
        return wrong(
          409,
          "InvalidResourceGroupLocation",
          `The Resource group '${name}' already exists in location '${before.location}'.`,
        );
      groups.set(key, { name, location, tags });
      return {
        status: before === undefined ? 201 : 200,
        body: groupDocument(subscription, { name, location, tags }),
      };
    }
    case "DELETE": {
      if (before === undefined) return noGroup(name);
      let looks = 0;
      const place = `/subscriptions/${subscription}/operationresults/${Buffer.from(path).toString("base64url")}`;
      const location = `${ground.origin()}${place}?api-version=2021-04-01`;
      ground.results.set(place, () => {
        if (++looks < 2) return { status: 202, headers: { location, ...ground.pace() } };
        groups.delete(key);
        for (const { id } of ground.store.inGroup(subscription, name)) ground.store.remove(id);
        return { status: 200 };
      });
      return { status: 202, headers: { location, ...ground.pace() } };
    }
    default:
      return wrong(405, "MethodNotAllowed", `There is no ${method} here.`);
  }
}

function resources(subscription: string, name: string, { store }: RouterGround): Reply {
  if (!store.groups.has(`${subscription}/${name}`.toLowerCase())) return noGroup(name);
  const isListed = ({ type }: Stored): boolean =>
    type.split("/").length === 2 && !/^Microsoft\.(Authorization|Resources)\//i.test(type);
  return {
    status: 200,
    body: {
      value: store
        .inGroup(subscription, name)
        .filter(isListed)
        .map(({ id, type, name: its }) => ({ id, type, name: its })),
    },
  };
}

function deployment(
  call: Call,
  [, scope = "", name = "", action]: RegExpExecArray,
  ground: RouterGround,
): Reply {
  const id = `${scope}/providers/Microsoft.Resources/deployments/${name}`;
  const known = ground.deployments.get(id.toLowerCase());
  const missing = wrong(404, "DeploymentNotFound", `Deployment '${name}' could not be found.`);
  const at_ = `${call.method} ${action?.split("/")[0] ?? ""}`.trim();
  switch (at_) {
    case "PUT":
    case "POST whatIf":
      return asked(call, { id, scope, name, known }, ground, at_ !== "PUT");
    case "GET":
      return known === undefined ? missing : { status: 200, headers: ground.pace(), body: known.document() };
    case "GET operations":
      return known === undefined
        ? missing
        : { status: 200, body: { value: known.operations.map(operationDocument) } };
    case "GET operationStatuses":
      if (known === undefined || !call.path.endsWith(known.operation)) return missing;
      return {
        status: 200,
        headers: ground.pace(),
        body: { status: known.state, ...(known.error !== null && { error: known.error }) },
      };
    case "POST cancel":
      if (known === undefined) return missing;
      return known.cancel()
        ? { status: 204 }
        : wrong(409, "DeploymentNotActive", `The deployment '${name}' is not running.`);
    default:
      return wrong(405, "MethodNotAllowed", `There is no ${at_} of deployments.`);
  }
}

function asked(
  { text }: Call,
  { id, scope, name, known }: { id: string; scope: string; name: string; known: Deployment | undefined },
  ground: RouterGround,
  isForecast: boolean,
): Reply {
  const kind = scope === "" ? "tenant" : /\/resourceGroups\//i.test(scope) ? "group" : "subscription";
  const groupName = scope.split("/")[4] ?? "";
  const its =
    kind === "group"
      ? ground.store.groups.get(`${scope.split("/")[2]}/${groupName}`.toLowerCase())
      : undefined;
  if (kind === "group" && its === undefined) return noGroup(groupName);
  if (!/^[-\w.()]{1,64}$/.test(name))
    return wrong(400, "InvalidDeploymentName", `The deployment name '${name}' is invalid.`);
  const body = JSON.parse(text) as Section;
  const extra = Object.keys(body).filter((key) => !["location", "properties", "tags"].includes(key));
  if (extra.length > 0)
    return wrong(
      400,
      "InvalidRequestContent",
      `Could not find member '${extra.join()}' on object of type 'DeploymentContent'.`,
    );
  if (kind === "group" && "location" in body)
    return wrong(
      400,
      "InvalidDeployment",
      "The 'location' property is not allowed for a deployment to a resource group.",
    );
  if (kind !== "group" && typeof body["location"] !== "string")
    return wrong(400, "LocationRequired", "The location property is required for this definition.");
  const { mode, template, parameters = {} } = (body["properties"] ?? {}) as Section;
  if (mode !== "Incremental" && mode !== "Complete")
    return wrong(400, "InvalidDeployment", "The deployment mode is missing.");
  if (typeof template !== "object" || template === null)
    return wrong(400, "InvalidRequestContent", "The template is missing.");
  if (!isForecast && known?.active === true)
    return wrong(
      409,
      "DeploymentActive",
      `Unable to edit or replace deployment '${name}': previous deployment from '${known.begun.toISOString()}' is still active. Please see https://aka.ms/arm-deploy for usage details.`,
    );
  const request = {
    id,
    scope,
    scopeKind: kind,
    name,
    location: its?.location ?? String(body["location"]),
    template: template as Section,
    parameters: parameters as Section,
  } as const;
  try {
    if (isForecast) return forecastOf(id, () => whatIf(request, ground), ground);
    const begun = new Deployment(request, ground);
    ground.deployments.set(id.toLowerCase(), begun);
    const status = `${ground.origin()}${id}/operationStatuses/${begun.operation}?api-version=2022-09-01`;
    return {
      status: known === undefined ? 201 : 200,
      headers: { "azure-asyncoperation": status, ...ground.pace() },
      body: begun.document(),
    };
  } catch (error) {
    if (error instanceof TemplateFault || error instanceof ProviderFault)
      return wrong(400, error.code, error.message);
    throw error;
  }
}

/** 202 first, the answer at the second look. */
function forecastOf(id: string, answer: () => Section, { results, origin, pace }: RouterGround): Reply {
  const body = answer();
  const place = `${id}/operationresults`;
  let looks = 0;
  const headers = { location: `${origin()}${place}?api-version=2022-09-01`, ...pace() };
  results.set(place, () => (++looks < 2 ? { status: 202, headers } : { status: 200, body }));
  return { status: 202, headers };
}

function operationDocument({ id, planned, state, error }: Deployment["operations"][number]): Section {
  return {
    operationId: id,
    properties: {
      provisioningOperation: "Create",
      provisioningState: state,
      targetResource: {
        id: planned.id,
        resourceType: planned.type,
        resourceName: planned.name.split("/").at(-1),
      },
      ...(error !== undefined && { statusCode: "Conflict", statusMessage: { error } }),
    },
  };
}
