import { RedoubtError } from "@redoubt/client";
import { nearestName } from "@redoubt/client/config";
import { type Cloud, cloudNamed, clouds } from "./cloud.ts";
import { type CredentialSource, credentialSources } from "./credential.ts";

/** What configuration says about Azure, checked. What it does not say is absent. */
export interface Settings {
  readonly subscription?: string;
  readonly location?: string;
  readonly group?: string;
  readonly groupPrefix: string;
  /** Absent: true for a group whose name is made up, false for one that was named. */
  readonly mayMakeGroup?: boolean;
  readonly tenant?: string;
  readonly credentialSource: CredentialSource;
  /** ms */
  readonly credentialProcessTimeout?: number;
  readonly cloud: Cloud;
  /** Resource Manager of a cloud that is not in the table: it tells the rest itself. */
  readonly resourceManager?: string;
}

/** Reads a key of the configuration, whatever its case: `Azure:Location`. */
export type ReadKey = (key: string) => string | undefined;

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Shortest and longest time that a program may be given to find a token, seconds. Source: the original's range. */
const processTimeouts = [5, 600] as const;

/**
 * Reads and checks the section `Azure` of the configuration: SubscriptionId, Location, ResourceGroup, ResourceGroupPrefix,
 * AllowResourceGroupCreation, TenantId, CredentialSource, CredentialProcessTimeoutSeconds, Cloud, ResourceManagerEndpoint.
 *
 * @throws RedoubtError `CONFIG_INVALID_VALUE` with the name of the key
 */
export function readSettings(get: ReadKey): Settings {
  const text = (key: string): string | undefined => {
    const value = get(`Azure:${key}`)?.trim();
    return value === undefined || value === "" ? undefined : value;
  };
  const checked = (key: string, check: (value: string) => string): string | undefined => {
    const value = text(key);
    if (value === undefined) return undefined;
    try {
      return check(value);
    } catch (error) {
      if (!(error instanceof RedoubtError)) throw error;
      throw new RedoubtError(error.code, `Azure:${key}: ${error.message}`, { hint: error.hint });
    }
  };
  const cloudName = text("Cloud");
  const resourceManager = checked("ResourceManagerEndpoint", httpsOrigin);
  if (cloudName !== undefined && resourceManager !== undefined)
    throw new RedoubtError(
      "CONFIG_AMBIGUOUS",
      "Azure:Cloud and Azure:ResourceManagerEndpoint both name a cloud",
      {
        hint: "The endpoint tells everything about its cloud: leave Azure:Cloud out.",
      },
    );
  const allow = text("AllowResourceGroupCreation");
  const seconds = text("CredentialProcessTimeoutSeconds");
  return present({
    subscription: checked("SubscriptionId", checkGuid),
    location: checked("Location", checkLocation),
    group: checked("ResourceGroup", checkGroup),
    groupPrefix: checked("ResourceGroupPrefix", checkGroup) ?? "rg-redoubt",
    mayMakeGroup: allow === undefined ? undefined : readBoolean("Azure:AllowResourceGroupCreation", allow),
    tenant: checked("TenantId", checkTenant),
    credentialSource: readSource(text("CredentialSource")),
    credentialProcessTimeout: seconds === undefined ? undefined : readSeconds(seconds) * 1000,
    cloud: cloudName === undefined ? (clouds["AzureCloud"] as Cloud) : cloudNamed(cloudName),
    resourceManager,
  });
}

/** @throws RedoubtError `CONFIG_INVALID_VALUE` unless it is the id of a subscription */
export function checkGuid(value: string): string {
  if (guid.test(value)) return value.toLowerCase();
  throw invalid("this is no GUID", "az account list names your subscriptions with their ids.");
}

/** A tenant: its GUID, or one of its domains. */
export function checkTenant(value: string): string {
  if (guid.test(value)) return value.toLowerCase();
  if (/^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/i.test(value))
    return value.toLowerCase();
  throw invalid("this is neither a GUID nor a domain", "az account show names your tenant.");
}

/** A region as Azure writes it: `West Europe` is `westeurope`. */
export function checkLocation(value: string): string {
  const plain = value.toLowerCase().replaceAll(" ", "");
  if (/^[a-z][a-z0-9]{2,40}$/.test(plain)) return plain;
  throw invalid("this is no region", "For example westeurope; az account list-locations names them all.");
}

/** The name of a group. Source: Azure's rules, and the original's (begins with a letter, no two dots together). */
export function checkGroup(value: string): string {
  const rules: readonly (readonly [broken: boolean, rule: string])[] = [
    [value.length > 90, "has at most 90 characters"],
    [
      !/^[A-Za-z0-9._()-]+$/.test(value),
      "has only letters, digits, dots, hyphens, underscores and parentheses",
    ],
    [!/^[A-Za-z]/.test(value), "begins with a letter"],
    [value.includes(".."), "has no two dots together"],
    [value.endsWith("."), "does not end in a dot"],
  ];
  const broken = rules.find(([is]) => is);
  if (broken === undefined) return value;
  throw invalid(`the name of a resource group ${broken[1]}`, "For example rg-todos.");
}

function httpsOrigin(value: string): string {
  try {
    const { protocol, origin, pathname, username } = new URL(value);
    if (protocol === "https:" && pathname === "/" && username === "") return origin;
  } catch {
    // Told below.
  }
  throw invalid(
    "this is no address of a Resource Manager",
    "Scheme https, host and port: https://management.local.azurestack.external.",
  );
}

function readBoolean(key: string, value: string): boolean {
  const lower = value.toLowerCase();
  if (["true", "1", "yes"].includes(lower)) return true;
  if (["false", "0", "no"].includes(lower)) return false;
  throw new RedoubtError("CONFIG_INVALID_VALUE", `${key} is true or false`);
}

function readSeconds(value: string): number {
  const [least, most] = processTimeouts;
  const seconds = Number(value);
  if (Number.isInteger(seconds) && seconds >= least && seconds <= most) return seconds;
  throw new RedoubtError(
    "CONFIG_INVALID_VALUE",
    `Azure:CredentialProcessTimeoutSeconds is a whole number from ${least} to ${most}`,
  );
}

function readSource(value: string | undefined): CredentialSource {
  if (value === undefined) return "Default";
  const found = credentialSources.find((each) => each.toLowerCase() === value.toLowerCase());
  if (found !== undefined) return found;
  const near = nearestName(value, credentialSources);
  throw new RedoubtError("CONFIG_INVALID_VALUE", "Azure:CredentialSource: there is no source of that name", {
    hint: `${near === null ? "" : `Did you mean ${near}? `}It takes ${credentialSources.join(", ")}.`,
  });
}

function invalid(message: string, hint: string): RedoubtError {
  return new RedoubtError("CONFIG_INVALID_VALUE", message, { hint });
}

/** Without the members that are undefined. */
function present<T extends object>(all: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as T;
}
