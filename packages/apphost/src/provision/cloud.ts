import { RedoubtError } from "@redoubt/client";
import { nearestName } from "@redoubt/client/config";

/** The addresses of one Azure. Without a slash at the end. */
export interface Cloud {
  readonly name: string;
  /** Where tokens come from. */
  readonly authority: string;
  /** Azure Resource Manager. */
  readonly resourceManager: string;
  /** Scope of tokens for Resource Manager. */
  readonly scope: string;
  readonly portal: string;
  /** What names of vaults end with, without a dot in front. */
  readonly vaultSuffix: string;
  /** Scope of tokens for vaults. */
  readonly vaultScope: string;
}

/** The clouds of Azure, by the names of `az cloud list`. Source: the metadata that each Resource Manager gives of itself. */
export const clouds: Readonly<Record<string, Cloud>> = {
  AzureCloud: {
    name: "AzureCloud",
    authority: "https://login.microsoftonline.com",
    resourceManager: "https://management.azure.com",
    scope: "https://management.azure.com/.default",
    portal: "https://portal.azure.com",
    vaultSuffix: "vault.azure.net",
    vaultScope: "https://vault.azure.net/.default",
  },
  AzureUSGovernment: {
    name: "AzureUSGovernment",
    authority: "https://login.microsoftonline.us",
    resourceManager: "https://management.usgovcloudapi.net",
    scope: "https://management.usgovcloudapi.net/.default",
    portal: "https://portal.azure.us",
    vaultSuffix: "vault.usgovcloudapi.net",
    vaultScope: "https://vault.usgovcloudapi.net/.default",
  },
  AzureChinaCloud: {
    name: "AzureChinaCloud",
    authority: "https://login.chinacloudapi.cn",
    resourceManager: "https://management.chinacloudapi.cn",
    scope: "https://management.chinacloudapi.cn/.default",
    portal: "https://portal.azure.cn",
    vaultSuffix: "vault.azure.cn",
    vaultScope: "https://vault.azure.cn/.default",
  },
};

/** Other words for them, in lower case. */
const aliases: Readonly<Record<string, string>> = {
  public: "AzureCloud",
  azurepublic: "AzureCloud",
  azurepubliccloud: "AzureCloud",
  usgovernment: "AzureUSGovernment",
  azureusgovernmentcloud: "AzureUSGovernment",
  azuregovernment: "AzureUSGovernment",
  china: "AzureChinaCloud",
  azurechina: "AzureChinaCloud",
};

/**
 * A cloud by its name or another word for it, in any case.
 * @throws RedoubtError `CONFIG_INVALID_VALUE` with the nearest name
 */
export function cloudNamed(name: string): Cloud {
  const lower = name.toLowerCase();
  const found = aliases[lower] ?? Object.keys(clouds).find((each) => each.toLowerCase() === lower);
  if (found !== undefined) return clouds[found] as Cloud;
  const near = nearestName(name, Object.keys(clouds));
  throw new RedoubtError("CONFIG_INVALID_VALUE", `Azure:Cloud: there is no cloud of that name`, {
    hint: `${near === null ? "" : `Did you mean ${near}? `}It takes ${Object.keys(clouds).join(", ")}; for another one, set Azure:ResourceManagerEndpoint.`,
  });
}

/**
 * Reads what a Resource Manager says of its own cloud: the answer of `GET /metadata/endpoints?api-version=2022-09-01`.
 * @throws RedoubtError `CONFIG_INVALID_VALUE` where something is missing, or an address is not https
 */
export function cloudFromMetadata(resourceManager: string, document: unknown): Cloud {
  const body = Array.isArray(document) ? document[0] : document;
  const text = (...path: string[]): string => {
    const value = path.reduce<unknown>(
      (at, key) => (at as Record<string, unknown> | null | undefined)?.[key],
      body,
    );
    const found = Array.isArray(value) ? value[0] : value;
    if (typeof found === "string" && found !== "") return found.replace(/\/+$/, "");
    throw new RedoubtError(
      "CONFIG_INVALID_VALUE",
      `${resourceManager}/metadata/endpoints does not say ${path.join(".")}`,
      {
        hint: "Azure:ResourceManagerEndpoint must be the address of an Azure Resource Manager.",
      },
    );
  };
  const audience = text("authentication", "audiences");
  const vaultSuffix = text("suffixes", "keyVaultDns").replace(/^\./, "");
  const cloud: Cloud = {
    name: text("name"),
    authority: text("authentication", "loginEndpoint"),
    resourceManager,
    scope: `${audience}/.default`,
    portal: text("portal"),
    vaultSuffix,
    vaultScope: `https://${vaultSuffix.replace(/:\d+$/, "")}/.default`,
  };
  for (const [key, address] of [
    ["authentication.loginEndpoint", cloud.authority],
    ["portal", cloud.portal],
  ] as const)
    if (!address.startsWith("https://"))
      throw new RedoubtError(
        "CONFIG_INSECURE",
        `${resourceManager}/metadata/endpoints: ${key} is no address of https`,
      );
  return cloud;
}
