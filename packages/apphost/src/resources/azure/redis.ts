import {
  type ConnectionProperty,
  type ConnectionSource,
  connectionPropertiesOf,
  type HasConnectionString,
} from "../../model/connection.ts";
import { Expression, refExpr, uri } from "../../model/expression.ts";
import type { SecretOutput } from "../../model/output.ts";
import { Literal, type Value } from "../../model/value.ts";
import { type Expr, ref } from "../../template/expr.ts";
import { withMadeUpPassword } from "../local-builder.ts";
import { RedisResource } from "../redis.ts";
import { AzureModule } from "./azure-module.ts";
import { type DeploymentScope, nameIn, placeIn } from "./existing.ts";
import type { Infrastructure } from "./infrastructure.ts";
import { AzureKeyVault } from "./key-vault.ts";
import { takePlace } from "./stand-in.ts";

/** What a secret of a cache begins with. */
export type SecretKind = "connectionstrings" | "primaryaccesskey";

/**
 * What both products of Redis in Azure have in common: Microsoft Entra ID or access keys, and a local Redis that takes their place
 * while the app runs here.
 */
export abstract class AzureRedis<I extends Infrastructure = Infrastructure>
  extends AzureModule<I>
  implements HasConnectionString
{
  declare standIn?: RedisResource;
  #vault: AzureKeyVault | undefined;
  #ownVault: AzureKeyVault | undefined;
  #passwordAsked = false;

  /** The vault that its keys are in; `undefined` with Microsoft Entra ID. */
  get vault(): AzureKeyVault | undefined {
    return this.#vault;
  }

  /** Whether programs are let in with a key; with Microsoft Entra ID otherwise. */
  useAccessKeyAuthentication(): boolean {
    return this.#vault !== undefined;
  }

  /**
   * Programs are let in with a key. It and the connection string are kept as secrets of a vault: the given one, or `{name}-kv`,
   * which is made. Nobody is given access by identity any more. Called again, the last vault counts.
   * @param vault a vault, or upstream's form of options
   */
  withAccessKeyAuthentication(vault?: AzureKeyVault | { readonly keyVaultBuilder: AzureKeyVault }): this {
    const given = vault instanceof AzureKeyVault ? vault : vault?.keyVaultBuilder;
    const own = given === undefined ? (this.#ownVault ?? this.#makeVault()) : undefined;
    if (own === undefined && this.#ownVault !== undefined) this.app.remove(this.#ownVault);
    this.#ownVault = own;
    this.#vault = given ?? own;
    if (own !== undefined && this.standIn === undefined) this.app.add(own);
    // Provisioning reads the secrets that are asked for before it begins.
    for (const kind of this.secretKinds) this.#secret(kind);
    this.roles = undefined;
    return this;
  }

  /**
   * While the app runs here, a real Redis of this machine takes its place, under its name; nothing happens when the app is published.
   * What was and will be said about it then holds for the local one. A vault that was made for its keys is not needed, and left out.
   * @param configure what is particular to the local one: password, port, persistence
   */
  runLocally(configure?: (redis: RedisResource) => void): this {
    if (this.app.mode !== "run") return this;
    if (this.standIn === undefined) {
      const redis = withMadeUpPassword(new RedisResource(this.app, this.name), {});
      if (this.#ownVault !== undefined) this.app.remove(this.#ownVault);
      this.standIn = redis;
      takePlace(this, redis);
    }
    configure?.(this.standIn);
    return this;
  }

  /** {@link runLocally}, as upstream calls it. The local Redis is a process unless the app says otherwise. */
  runAsContainer(
    configure?:
      | ((redis: RedisResource) => void)
      | { readonly configureContainer?: (redis: RedisResource) => void },
  ): this {
    return this.runLocally(typeof configure === "function" ? configure : configure?.configureContainer);
  }

  connectionString(): Value {
    if (this.standIn !== undefined) return this.standIn.connectionString();
    return this.#secret("connectionstrings") ?? this.output("connectionString");
  }

  connectionProperties(): readonly ConnectionProperty[] {
    if (this.standIn !== undefined) return this.standIn.connectionProperties();
    const { password } = this;
    const properties: ConnectionProperty[] = [
      ["Host", this.host],
      ["Port", this.port],
      ["Uri", this.uri],
    ];
    return password === undefined ? properties : [...properties, ["Password", password]];
  }

  consumerVariables(): readonly ConnectionProperty[] {
    return this.standIn?.consumerVariables() ?? [];
  }

  get host(): Value {
    return this.#local("Host") ?? this.output("hostName");
  }

  get port(): Value {
    return this.#local("Port") ?? new Literal(String(this.portNumber));
  }

  /** The key; `undefined` with Microsoft Entra ID, or where the local one has no password. */
  get password(): Value | undefined {
    if (this.standIn !== undefined) return this.#local("Password");
    this.#passwordAsked = true;
    return this.#secret("primaryaccesskey");
  }

  /** `rediss://[:KEY@]HOST:PORT`, the key percent-encoded. `redis://` where the settings say that there is no TLS. */
  get uri(): Value {
    const local = this.#local("Uri");
    if (local !== undefined) return local;
    const scheme = this.encrypted() ? "rediss" : "redis";
    const { host, port, password } = this;
    return password === undefined
      ? refExpr`${scheme}://${host}:${port}`
      : refExpr`${scheme}://:${uri(password)}@${host}:${port}`;
  }

  /** {@link host}, as upstream calls it. */
  hostName(): Value {
    return this.host;
  }

  /** {@link uri}, as upstream calls it. */
  uriExpression(): Value {
    return this.uri;
  }

  /** {@link connectionString}, as upstream calls it. */
  connectionStringExpression(): Value {
    return this.connectionString();
  }

  /** A property of the connection, by its name without regard to case; an empty text where there is none. */
  getConnectionProperty(name: string): Value {
    const wanted = name.toLowerCase();
    const found = connectionPropertiesOf(this).find(([known]) => known.toLowerCase() === wanted);
    return found?.[1] ?? new Expression([]);
  }

  /** File with the authorities that the local Redis is verified with; `undefined` in Azure, whose authorities are public. */
  get trust(): Value | undefined {
    const local: ConnectionSource | undefined = this.standIn;
    return local?.trust;
  }

  /**
   * With keys, the module of one that exists writes secrets and changes nothing else: it is deployed where the vault is, because a
   * module cannot write into a vault of another group.
   */
  override get scope(): DeploymentScope | undefined {
    return this.existing !== undefined && this.#vault !== undefined ? this.#vault.scope : super.scope;
  }

  /** Kinds of the secrets that are written in any case. */
  protected get secretKinds(): readonly SecretKind[] {
    return ["connectionstrings", "primaryaccesskey"];
  }

  /** Whether somebody uses the key by itself. */
  protected get passwordAsked(): boolean {
    return this.#passwordAsked;
  }

  /** The port in Azure. */
  protected abstract readonly portNumber: number;

  /** Whether programs speak TLS with it. */
  protected encrypted(): boolean {
    return true;
  }

  /** Declares the vault, which is there before the secrets are. */
  protected declareVault(infrastructure: I): void {
    const vault = this.#vault;
    if (vault !== undefined)
      infrastructure.add({
        symbol: "keyVault",
        ...vault.azure,
        existing: true,
        name: infrastructure.use(vault.nameOutputReference()),
      });
  }

  /** Declares the secrets in the vault. */
  protected declareSecrets(
    infrastructure: I,
    secrets: { readonly connectionString: Expr; readonly primaryAccessKey?: Expr },
  ): void {
    const vault = this.#vault;
    if (vault === undefined) return;
    const { type, apiVersion } = vault.azure;
    const secret = (symbol: string, name: string, value: Expr) =>
      infrastructure.add({
        symbol,
        type: `${type}/secrets`,
        apiVersion,
        name,
        body: { properties: { value } },
        parent: "keyVault",
      });
    secret("connectionString", `connectionstrings--${this.name}`, secrets.connectionString);
    if (secrets.primaryAccessKey !== undefined)
      secret("primaryAccessKey", `primaryaccesskey--${this.name}`, secrets.primaryAccessKey);
  }

  /** Declares the one that exists; where the module is deployed elsewhere, with its place. */
  protected declareExisting(infrastructure: I): void {
    const { symbol, azure, existing } = this;
    if (existing === undefined) return;
    infrastructure.add({
      symbol,
      ...azure,
      existing: true,
      name: nameIn(infrastructure, existing.name),
      scope: placeIn(infrastructure, existing, this.scope),
    });
  }

  /** Makes the parameters that are needed anyhow, so that they come before those of `configureInfrastructure`. */
  protected reserve(infrastructure: I): I {
    if (this.existing !== undefined) nameIn(infrastructure, this.existing.name);
    if (this.#vault !== undefined) infrastructure.use(this.#vault.nameOutputReference());
    return infrastructure;
  }

  /** Outputs `name`, `id` and `hostName`, in upstream's order. */
  protected declareOutputs(infrastructure: I, withId: boolean): void {
    infrastructure.output("name", ref(this.symbol, "name"));
    if (withId) infrastructure.output("id", ref(this.symbol, "id"));
    infrastructure.output("hostName", ref(this.symbol, "properties.hostName"));
  }

  #makeVault(): AzureKeyVault {
    const vault = new AzureKeyVault(this.app, `${this.name}-kv`);
    vault.parent = this;
    return vault;
  }

  #secret(kind: SecretKind): SecretOutput | undefined {
    return this.#vault?.getSecret(`${kind}--${this.name}`, this);
  }

  #local(property: string): Value | undefined {
    return this.standIn?.connectionProperties().find(([name]) => name === property)?.[1];
  }
}
