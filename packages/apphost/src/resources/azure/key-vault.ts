import type { App } from "../../model/app.ts";
import type { ConnectionProperty, HasConnectionString } from "../../model/connection.ts";
import { fault } from "../../model/fault.ts";
import { type Output, SecretOutput } from "../../model/output.ts";
import type { Value } from "../../model/value.ts";
import { bicepSymbol } from "../../names/symbol.ts";
import { call, ref } from "../../template/expr.ts";
import { AzureModule } from "./azure-module.ts";
import type { AzureResource } from "./azure-resource.ts";
import { azureName, Infrastructure } from "./infrastructure.ts";
import type { Principal, Role } from "./principal.ts";
import { assignBuiltInRoles } from "./role-assignments.ts";
import { known, type Setting } from "./setting.ts";
import { judgeTags } from "./tags.ts";
import type { Finding } from "./violation.ts";

/** Built-in roles for programs that use a vault. Programs that refer to one are given `secretsUser`. */
export const keyVaultRoles = {
  administrator: { id: "00482a5a-887f-4fb3-b363-3b7fe8e74483", name: "KeyVaultAdministrator" },
  secretsOfficer: { id: "b86a8fe4-44ce-4948-aee5-eccb2c155cd7", name: "KeyVaultSecretsOfficer" },
  secretsUser: { id: "4633458b-17de-408a-b874-0445c86b69e6", name: "KeyVaultSecretsUser" },
} as const satisfies Readonly<Record<string, Role>>;

/** Settings of a Key Vault. Source: the schema of `Microsoft.KeyVault/vaults@2024-11-01`. */
export interface KeyVaultSettings {
  readonly symbol: string;
  name: Setting<string>;
  location: Setting<string>;
  /** Default `standard`. */
  readonly sku: { name: Setting<"standard" | "premium"> };
  /** Azure's default is `Enabled`; `Disabled` once there is a private endpoint. */
  publicNetworkAccess?: Setting<"Enabled" | "Disabled">;
  /** Whether what was deleted cannot be purged before its time; cannot be taken back. */
  enablePurgeProtection?: Setting<true>;
  /** 7 to 90. Azure's default is 90. */
  softDeleteRetentionInDays?: Setting<number>;
  tags: Record<string, Setting<string>>;
}

/** What `configureInfrastructure` of a Key Vault gets. */
export class KeyVaultInfrastructure extends Infrastructure {
  readonly vault: KeyVaultSettings;

  constructor(name: string, privately: boolean) {
    super(name);
    this.vault = {
      symbol: this.symbol,
      name: azureName(this.symbol, 24),
      location: this.location,
      sku: { name: "standard" },
      ...(privately ? { publicNetworkAccess: "Disabled" as const } : {}),
      tags: { "aspire-resource-name": name },
    };
  }
}

/**
 * A Key Vault, whose secrets are read by role and not by access policies. Apps that refer to it may read its secrets.
 */
export class AzureKeyVault extends AzureModule<KeyVaultInfrastructure> implements HasConnectionString {
  readonly type = "azure-key-vault";
  readonly azure = { type: "Microsoft.KeyVault/vaults", apiVersion: "2024-11-01" };
  override readonly privateLink = { group: "vault", zone: "privatelink.vaultcore.azure.net" };
  override roles: readonly Role[] | undefined = [keyVaultRoles.secretsUser];
  readonly #secrets = new Map<string, Value>();
  readonly #wanted = new Map<string, SecretOutput>();

  constructor(app: App, name: string) {
    super(app, name);
    this.icon = "Key";
  }

  /** Its address, `https://NAME.vault.azure.net/`. */
  vaultUri(): Output {
    return this.output("vaultUri");
  }

  connectionString(): Value {
    return this.vaultUri();
  }

  connectionProperties(): readonly ConnectionProperty[] {
    return [["Uri", this.vaultUri()]];
  }

  /**
   * A secret that is there or will be: read when the app runs, referred to when it is published.
   * @param owner what writes it, and must be there before it is read. Default: the vault
   */
  getSecret(name: string, owner?: AzureResource): SecretOutput {
    const found = this.#wanted.get(name) ?? new SecretOutput(this, secretName(name));
    this.#wanted.set(name, found);
    if (owner !== undefined) found.owner = owner;
    return found;
  }

  /** The secrets that somebody asked for; provisioning reads them. */
  get wantedSecrets(): readonly SecretOutput[] {
    return [...this.#wanted.values()];
  }

  /** Writes a secret: a parameter, or a text with values. @throws RedoubtError `APP_NAME` */
  addSecret(name: string, value: Value): this {
    this.#secrets.set(secretName(name), value);
    return this;
  }

  override assignRoles(
    infrastructure: Infrastructure,
    principals: readonly Principal[],
    roles: readonly Role[],
  ): void {
    assignBuiltInRoles(this, infrastructure, principals, roles);
  }

  protected create(): KeyVaultInfrastructure {
    return new KeyVaultInfrastructure(this.name, this.privateEndpoints.length > 0);
  }

  protected declare(infrastructure: KeyVaultInfrastructure): void {
    const { symbol, azure } = this;
    const { vault } = infrastructure;
    this.declareMain(infrastructure, vault.name, {
      location: vault.location,
      properties: {
        tenantId: call("tenant").get("tenantId"),
        sku: { family: "A", name: vault.sku.name },
        enablePurgeProtection: vault.enablePurgeProtection,
        enableRbacAuthorization: true,
        publicNetworkAccess: vault.publicNetworkAccess,
        softDeleteRetentionInDays: vault.softDeleteRetentionInDays,
      },
      tags: vault.tags,
    });
    infrastructure.output("vaultUri", ref(symbol, "properties.vaultUri"));
    for (const [name, value] of this.#secrets)
      infrastructure.add({
        symbol: bicepSymbol(`secret_${name}`),
        type: `${azure.type}/secrets`,
        apiVersion: azure.apiVersion,
        name,
        body: { properties: { value: infrastructure.use(value, { secure: true }) } },
        parent: symbol,
      });
    infrastructure.output("name", ref(symbol, "name"));
    infrastructure.output("id", ref(symbol, "id"));
  }

  protected override *findings({ vault }: KeyVaultInfrastructure): Generator<Finding> {
    const name = known(vault.name);
    if (name !== undefined && !/^(?!.*--)[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]$/.test(name))
      yield {
        key: "vault.name",
        message: `"${name}" is no name of a vault: 3 to 24 letters, digits and single hyphens, a letter first, no hyphen last.`,
        fix: "Choose another name, or leave it out.",
      };
    const days = known(vault.softDeleteRetentionInDays);
    if (days !== undefined && !(Number.isInteger(days) && days >= 7 && days <= 90))
      yield {
        key: "vault.softDeleteRetentionInDays",
        message: `What is deleted is kept for 7 to 90 days, not ${days}.`,
        fix: "Choose a number in between.",
      };
    yield* judgeTags("vault.tags", vault.tags);
  }
}

function secretName(name: string): string {
  if (/^[A-Za-z0-9-]{1,127}$/.test(name)) return name;
  throw fault(
    "APP_NAME",
    `${JSON.stringify(name)} is no name of a secret: 1 to 127 letters, digits and hyphens`,
  );
}
