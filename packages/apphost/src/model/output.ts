import { Late } from "./late.ts";
import type { Resource } from "./resource.ts";
import type { ResolveContext, Value } from "./value.ts";

/** What the module of a resource in the cloud tells when it has been deployed. Published as `{cache.outputs.hostName}`. */
export class Output implements Value {
  /** The resource whose module it is. */
  readonly owner: Resource;
  readonly name: string;
  readonly secret = false;
  /** Filled by provisioning. */
  readonly value = new Late<string>();

  constructor(owner: Resource, name: string) {
    this.owner = owner;
    this.name = name;
  }

  get published(): string {
    return `{${this.owner.name}.outputs.${this.name}}`;
  }

  get needs(): readonly Resource[] {
    return [this.owner];
  }

  resolve({ signal }: ResolveContext): Promise<string> {
    return this.value.get(signal);
  }
}

/** A secret of a vault in the cloud. Published as `{vault.secrets.name}`, and read from the vault when the app runs here. */
export class SecretOutput implements Value {
  readonly vault: Resource;
  readonly secretName: string;
  /** Whoever writes it: that must be there before the secret is. */
  owner: Resource;
  readonly secret = true;
  /** Filled by provisioning. */
  readonly value = new Late<string>();

  constructor(vault: Resource, secretName: string, owner: Resource = vault) {
    this.vault = vault;
    this.secretName = secretName;
    this.owner = owner;
  }

  get published(): string {
    return `{${this.vault.name}.secrets.${this.secretName}}`;
  }

  get needs(): readonly Resource[] {
    return this.owner === this.vault ? [this.vault] : [this.vault, this.owner];
  }

  resolve({ signal }: ResolveContext): Promise<string> {
    return this.value.get(signal);
  }
}
