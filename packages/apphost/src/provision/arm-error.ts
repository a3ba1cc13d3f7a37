import { RedoubtError } from "@redoubt/client";

/** One leaf of the tree of errors that Azure gives. */
export interface ArmFault {
  readonly code: string;
  readonly message: string;
  /** What it is about: a resource, a property. */
  readonly target: string | null;
}

/** What the codes that people meet mean, and what helps. Source: Microsoft's pages on deployment errors. */
const hints: Readonly<Record<string, string>> = {
  LocationNotAvailableForResourceType: "Choose another region: Azure:Location.",
  SubscriptionNotFound:
    "Azure:SubscriptionId names no subscription of this login: az account list, and Azure:TenantId.",
  InvalidSubscriptionId: "Azure:SubscriptionId is the id of a subscription, a GUID.",
  InvalidAuthenticationTokenTenant: "The subscription is in another tenant: set Azure:TenantId.",
  ResourceGroupBeingDeleted: "Wait until the group is gone, or name another one: Azure:ResourceGroup.",
  ResourceGroupNotFound: "Make the group, or set Azure:AllowResourceGroupCreation to true.",
  AuthorizationFailed:
    "Who deploys needs the role Contributor, and to assign roles, User Access Administrator; new roles take minutes.",
  LinkedAuthorizationFailed: "Who deploys may not use a resource that the template refers to.",
  SkuNotAvailable: "The region has no room for this size: choose another size or region.",
  QuotaExceeded: "Ask for more quota, or choose another region.",
  RoleAssignmentExists: "The role is there already, under another name: remove that one.",
  RequestDisallowedByPolicy: "A policy of the subscription forbids it; the message names the policy.",
  InvalidTemplate: "The template is wrong: this is a fault of the model or of Redoubt.",
  InvalidTemplateDeployment: "Azure checked the template and refused it; the details say why.",
  DeploymentQuotaExceeded:
    "The group keeps 800 deployments: remove old ones with az deployment group delete.",
  MissingSubscriptionRegistration:
    "Register the provider that the message names: az provider register -n NAMESPACE.",
  VaultAlreadyExists:
    "A vault of that name exists or was deleted softly: az keyvault purge, or another name.",
  ConflictError: "A vault of that name exists or was deleted softly: az keyvault purge, or another name.",
  NameNotAvailable: "Somebody else has that name: choose another one.",
  ReservedResourceName: "Azure keeps that name for itself: choose another one.",
  ResourceNotFound: "A resource that the template refers to is not there.",
  ScopeLocked: "A lock forbids the change: az lock list.",
};

/** An answer of Azure that says no. `code` is the error's own; ask `fault` for Azure's. */
export class ArmError extends RedoubtError {
  override readonly name: string = "ArmError";
  readonly status: number;
  /** Azure's own code, the outermost: `DeploymentFailed`. */
  readonly fault: string;
  /** Every leaf of the tree. */
  readonly faults: readonly ArmFault[];

  /** @param document the body: `{ error: { code, message, details } }`, or the error itself */
  constructor(
    what: string,
    status: number,
    document: unknown,
    mask: (text: string) => string = (text) => text,
  ) {
    const root = errorIn(document);
    const faults = root === null ? [] : flatten(root).map((each) => masked(each, mask));
    const leaf = faults[0];
    const hint = faults.map(({ code }) => hints[code]).find((each) => each !== undefined);
    super(status === 401 ? "AUTH_FAILED" : "APP_DEPLOY", `${what}: ${describe(faults, status)}`, {
      ...(hint !== undefined && { hint }),
    });
    this.status = status;
    this.fault = typeof root?.["code"] === "string" ? root["code"] : (leaf?.code ?? `HTTP ${status}`);
    this.faults = faults;
  }
}

/** Whether an error is Azure's, with one of these codes or this status. */
export function isFault(error: unknown, ...wanted: readonly (string | number)[]): error is ArmError {
  return (
    error instanceof ArmError &&
    wanted.some((each) =>
      typeof each === "number"
        ? error.status === each
        : error.fault === each || error.faults.some(({ code }) => code === each),
    )
  );
}

function describe(faults: readonly ArmFault[], status: number): string {
  if (faults.length === 0) return `Azure answers with status ${status} and says no more`;
  return faults
    .map(({ code, message, target }) => `${code}${target === null ? "" : ` (${target})`}: ${message}`)
    .join("; ");
}

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function errorIn(document: unknown): Fields | null {
  if (!isObject(document)) return null;
  if (isObject(document["error"])) return document["error"];
  // Some providers leave the wrapping out, some put it under another name.
  return typeof document["code"] === "string" || typeof document["Code"] === "string" ? document : null;
}

/** The leaves of the tree. Providers put whole documents, as JSON, into the message of the level above. */
function flatten(error: Fields, depth = 0): ArmFault[] {
  const below = [
    ...(Array.isArray(error["details"]) ? error["details"] : []),
    ...(isObject(error["innererror"]) && isObject(error["innererror"]["error"])
      ? [error["innererror"]["error"]]
      : []),
  ];
  const text = textIn(error, "message");
  const inner = depth < 8 ? errorIn(parsed(text)) : null;
  const children = [...below, ...(inner === null ? [] : [inner])].map((each) =>
    isObject(each) ? (errorIn(each) ?? each) : null,
  );
  const leaves =
    depth < 8 ? children.flatMap((child) => (child === null ? [] : flatten(child, depth + 1))) : [];
  if (leaves.length > 0) return unique(leaves);
  const target = error["target"];
  return [
    {
      code: textIn(error, "code") || "Unknown",
      message: oneLine(text),
      target: typeof target === "string" && target !== "" ? target : null,
    },
  ];
}

/** Some providers begin the names of members with a capital. */
function textIn(error: Fields, name: "code" | "message"): string {
  const value = error[name] ?? error[`${name[0]?.toUpperCase()}${name.slice(1)}`];
  return typeof value === "string"
    ? value
    : value === undefined || value === null
      ? ""
      : JSON.stringify(value);
}

function parsed(text: string): unknown {
  const start = text.indexOf("{");
  if (start < 0) return null;
  try {
    return JSON.parse(text.slice(start));
  } catch {
    return null;
  }
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ").trim();

const masked = ({ code, message, target }: ArmFault, mask: (text: string) => string): ArmFault => ({
  code: mask(code),
  message: mask(message),
  target: target === null ? null : mask(target),
});

function unique(faults: readonly ArmFault[]): ArmFault[] {
  const seen = new Set<string>();
  return faults.filter(({ code, message, target }) => {
    const key = JSON.stringify([code, message, target]);
    return seen.has(key) ? false : seen.add(key);
  });
}
