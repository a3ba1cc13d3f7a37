import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { RedoubtError, type TokenCredential } from "@redoubt/client";
import type { Cloud } from "./cloud.ts";

/** Where tokens for Azure come from. The names are those of the original's `Azure:CredentialSource`. */
export const credentialSources = [
  "Default",
  "AzureCli",
  "AzureDeveloperCli",
  "AzurePowerShell",
  "VisualStudioCode",
  "InteractiveBrowser",
  "Environment",
  "WorkloadIdentity",
  "ManagedIdentity",
] as const;

/** One of {@link credentialSources}. */
export type CredentialSource = (typeof credentialSources)[number];

/** The part of `@azure/identity` that is used. */
export interface ProvisionIdentity {
  readonly AzureCliCredential: Make;
  readonly AzureDeveloperCliCredential: Make;
  readonly AzurePowerShellCredential: Make;
  readonly VisualStudioCodeCredential: Make;
  readonly InteractiveBrowserCredential: Make;
  readonly EnvironmentCredential: Make;
  readonly WorkloadIdentityCredential: Make;
  readonly ManagedIdentityCredential: Make;
  readonly ChainedTokenCredential: new (...credentials: TokenCredential[]) => TokenCredential;
}

type Make = new (options?: Readonly<Record<string, unknown>>) => TokenCredential;

/** What a credential is made of. */
export interface CredentialOptions {
  readonly source: CredentialSource;
  readonly cloud: Cloud;
  readonly tenantId?: string;
  /** How long a program that is asked for a token may take, ms. */
  readonly processTimeout?: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** A folder whose packages count, too: that of the app. */
  readonly directory?: string;
  /** Loads the package. Default: `import("@azure/identity")`. */
  readonly identity?: () => Promise<ProvisionIdentity>;
}

/**
 * Makes the credential that was asked for. `Default`: what the environment names (a federated token, or a secret or certificate
 * of a service principal: so it is on a build server), else Azure CLI, then Azure Developer CLI. It never tries managed
 * identities by itself: off Azure that costs seconds, and a build agent's identity is hardly ever meant.
 *
 * @returns a function that makes it anew: a new one has no token in its memory
 * @throws RedoubtError `CONFIG_MISSING` where `@azure/identity` is not installed
 */
export async function credentialMaker(options: CredentialOptions): Promise<() => TokenCredential> {
  const identity = await (options.identity?.() ?? loadIdentity(options.directory));
  return () => make(identity, options);
}

function make(identity: ProvisionIdentity, options: CredentialOptions): TokenCredential {
  const { source, environment, tenantId, processTimeout, cloud } = options;
  const all = {
    authorityHost: cloud.authority,
    additionallyAllowedTenants: ["*"],
    // Only the well-known clouds are in Microsoft's list, which would be asked about every other one.
    ...(!wellKnown.test(cloud.authority) && { disableInstanceDiscovery: true }),
    ...(tenantId !== undefined && { tenantId }),
    ...(processTimeout !== undefined && { processTimeoutInMs: processTimeout }),
  };
  switch (source) {
    case "AzureCli":
      return new identity.AzureCliCredential(all);
    case "AzureDeveloperCli":
      return new identity.AzureDeveloperCliCredential(all);
    case "AzurePowerShell":
      return new identity.AzurePowerShellCredential(all);
    case "VisualStudioCode":
      return new identity.VisualStudioCodeCredential(all);
    case "InteractiveBrowser":
      return new identity.InteractiveBrowserCredential(all);
    case "Environment":
      return new identity.EnvironmentCredential(all);
    case "WorkloadIdentity":
      return new identity.WorkloadIdentityCredential(all);
    case "ManagedIdentity":
      return new identity.ManagedIdentityCredential(
        environment["AZURE_CLIENT_ID"] ? { clientId: environment["AZURE_CLIENT_ID"] } : {},
      );
    case "Default":
      if (environment["AZURE_FEDERATED_TOKEN_FILE"]) return new identity.WorkloadIdentityCredential(all);
      if (environment["AZURE_CLIENT_SECRET"] || environment["AZURE_CLIENT_CERTIFICATE_PATH"])
        return new identity.EnvironmentCredential(all);
      return new identity.ChainedTokenCredential(
        new identity.AzureCliCredential(all),
        new identity.AzureDeveloperCliCredential(all),
      );
  }
}

const wellKnown =
  /^https:\/\/login\.(microsoftonline\.(com|us)|chinacloudapi\.cn|partner\.microsoftonline\.cn)$/;

const packageName = "@azure/identity";

/** From beside this package, else from the app's own folder. */
async function loadIdentity(directory: string | undefined): Promise<ProvisionIdentity> {
  const places = [packageName, ...(directory === undefined ? [] : [inFolder(directory)])];
  let cause: unknown;
  for (const place of places.filter((each) => each !== null)) {
    try {
      return (await import(place)) as ProvisionIdentity;
    } catch (error) {
      if (!isAbsent(error as NodeJS.ErrnoException)) throw error;
      cause = error;
    }
  }
  throw new RedoubtError(
    "CONFIG_MISSING",
    `Deploying to Azure needs the package ${packageName}, which is not installed`,
    { hint: `npm install ${packageName}`, cause },
  );
}

function inFolder(directory: string): string | null {
  try {
    return pathToFileURL(createRequire(join(directory, "app.js")).resolve(packageName)).href;
  } catch {
    return null;
  }
}

function isAbsent({ code, message }: NodeJS.ErrnoException): boolean {
  // Vite puts a module in the place of an optional peer that is absent, which throws this when it is loaded.
  return code === "ERR_MODULE_NOT_FOUND" || message.startsWith(`Could not resolve "${packageName}"`);
}
