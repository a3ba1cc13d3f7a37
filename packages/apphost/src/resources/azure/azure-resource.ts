import type { AppEventMap, EventHandler, ResourceEventName } from "../../model/events.ts";
import { fault } from "../../model/fault.ts";
import { Output } from "../../model/output.ts";
import { Resource } from "../../model/resource.ts";
import type { Value } from "../../model/value.ts";
import { bicepSymbol } from "../../names/symbol.ts";
import { type Expr, ref } from "../../template/expr.ts";
import type { Module } from "../../template/module.ts";
import {
  type AzureName,
  type DeploymentScope,
  type ExistingPlace,
  type ExistingScope,
  nameIn,
  needsOf,
  placeIn,
  placeOf,
  scopeOf,
} from "./existing.ts";
import type { Infrastructure, ModuleParameter } from "./infrastructure.ts";
import type { Principal, Role } from "./principal.ts";
import { onEither } from "./stand-in.ts";
import type { Violation } from "./violation.ts";

/** Type and API version of the main resource of a module. */
export interface AzureType {
  readonly type: string;
  readonly apiVersion: string;
}

/** How private endpoints to a kind of resource are named. */
export interface PrivateLink {
  /** The group that an endpoint connects to. */
  readonly group: string;
  /** The private DNS zone, in the public cloud. */
  readonly zone: string;
}

/**
 * A resource of Azure: one module of infrastructure, with outputs that others read. Published as a Bicep and ARM module,
 * provisioned in run mode, unless a stand-in on this machine takes its place.
 */
export abstract class AzureResource extends Resource {
  /** Its type and the API version that its module is written for. */
  abstract readonly azure: AzureType;
  /** Set when it exists already: then nothing of it is changed. */
  existing?: ExistingScope;
  /** Local resource that takes its place in run mode. */
  standIn?: Resource;
  /** Roles that whoever refers to it is given; `undefined` for no access by identity, empty where access has no roles. */
  roles?: readonly Role[] | undefined;
  /** How private endpoints to it are named, where it can have some. */
  readonly privateLink?: PrivateLink | undefined;
  /** The private endpoints that lead to it. */
  readonly privateEndpoints: Resource[] = [];
  readonly #outputs = new Map<string, Output>();
  /** Fills an output that is asked for when the deployment has ended. */
  #ended: ((output: Output) => void) | undefined;

  /** Its symbol in modules: the name, with what is no letter or digit as `_`. */
  get symbol(): string {
    return bicepSymbol(this.name);
  }

  /** The outputs that were asked for. Provisioning fills them. */
  get outputs(): ReadonlyMap<string, Output> {
    return this.#outputs;
  }

  /** An output of its module: a value that is known when it has been deployed. */
  output(name: string): Output {
    const known = this.#outputs.get(name);
    if (known !== undefined) return known;
    const made = new Output(this, name);
    this.#outputs.set(name, made);
    this.#ended?.(made);
    return made;
  }

  /** Tells everybody who waits for outputs what they are. What the module does not have will not come. */
  settle(outputs: Readonly<Record<string, unknown>>): void {
    this.#end(({ name, value: late }) => {
      const value = outputs[name];
      if (value === undefined || value === null)
        late.fail(fault("APP_REFERENCE", `"${this.name}" has no output "${name}"`, { at: this.madeAt }));
      else late.set(typeof value === "string" ? value : JSON.stringify(value));
    });
  }

  /** Tells everybody who waits for outputs that there will be none. */
  failed(error: Error): void {
    this.#end(({ value }) => value.fail(error));
  }

  /** {@link output}, as upstream calls it. */
  getOutput(name: string): Output {
    return this.output(name);
  }

  /** Its name in Azure. */
  nameOutputReference(): Output {
    return this.output("name");
  }

  /** Its id in Azure. */
  id(): Output {
    return this.output("id");
  }

  /** Whether it exists already. */
  isExisting(): boolean {
    return this.existing !== undefined;
  }

  /** Where its module is deployed; `undefined` for the app's own resource group. */
  get scope(): DeploymentScope | undefined {
    return scopeOf(this.existing);
  }

  /** Where it is, and so where roles on it are deployed. */
  get roleScope(): DeploymentScope | undefined {
    return scopeOf(this.existing);
  }

  /** It exists already, in both modes. The last of such calls counts. The group left out means that of the app. */
  asExisting(name: AzureName, place?: ExistingPlace): this {
    return this.#exists({ name, ...placeOf(place) });
  }

  /** It exists already when the app runs here. */
  runAsExisting(name: AzureName, place?: ExistingPlace): this {
    return this.app.mode === "run" ? this.asExisting(name, place) : this;
  }

  /** It exists already when the app is published or deployed. */
  publishAsExisting(name: AzureName, place?: ExistingPlace): this {
    return this.app.mode === "publish" ? this.asExisting(name, place) : this;
  }

  /** It exists in a resource group, of this subscription or another, in both modes. */
  asExistingInResourceGroup(name: AzureName, resourceGroup: AzureName, subscription?: AzureName): this {
    return this.#exists({ name, resourceGroup, subscription });
  }

  /** {@link asExistingInResourceGroup} when the app runs here. */
  runAsExistingInResourceGroup(name: AzureName, resourceGroup: AzureName, subscription?: AzureName): this {
    return this.app.mode === "run" ? this.asExistingInResourceGroup(name, resourceGroup, subscription) : this;
  }

  /** {@link asExistingInResourceGroup} when the app is published or deployed. */
  publishAsExistingInResourceGroup(
    name: AzureName,
    resourceGroup: AzureName,
    subscription?: AzureName,
  ): this {
    return this.app.mode === "publish"
      ? this.asExistingInResourceGroup(name, resourceGroup, subscription)
      : this;
  }

  /** It exists in a subscription and no resource group, in both modes. */
  asExistingInSubscription(name: AzureName, subscription: AzureName): this {
    return this.#exists({ name, subscription });
  }

  /** {@link asExistingInSubscription} when the app runs here. */
  runAsExistingInSubscription(name: AzureName, subscription: AzureName): this {
    return this.app.mode === "run" ? this.asExistingInSubscription(name, subscription) : this;
  }

  /** {@link asExistingInSubscription} when the app is published or deployed. */
  publishAsExistingInSubscription(name: AzureName, subscription: AzureName): this {
    return this.app.mode === "publish" ? this.asExistingInSubscription(name, subscription) : this;
  }

  /** It exists in the tenant, in both modes. */
  asExistingInTenant(name: AzureName): this {
    return this.#exists({ name, tenant: true });
  }

  /** {@link asExistingInTenant} when the app runs here. */
  runAsExistingInTenant(name: AzureName): this {
    return this.app.mode === "run" ? this.asExistingInTenant(name) : this;
  }

  /** {@link asExistingInTenant} when the app is published or deployed. */
  publishAsExistingInTenant(name: AzureName): this {
    return this.app.mode === "publish" ? this.asExistingInTenant(name) : this;
  }

  /** Does something at a moment of its life, or of the life of what takes its place. */
  override on<N extends ResourceEventName>(event: N, handler: EventHandler<AppEventMap[N]>): this {
    onEither(this, event, handler);
    return this;
  }

  /** Nobody is given access to it by referring to it. */
  clearDefaultRoleAssignments(): this {
    this.roles = undefined;
    return this;
  }

  /** What publishing writes and provisioning deploys. */
  abstract infrastructure(): Module;

  /** What is given for the parameters of {@link infrastructure}. */
  abstract moduleParameters(): readonly ModuleParameter[];

  /** Everything that Azure would refuse, as far as it can be told before. Nothing is asked of Azure. */
  abstract judge(): Violation[];

  /** Values that its module and its place need, and so what must be there before it. */
  needed(): readonly Value[] {
    const values = this.moduleParameters().map(([, value]) => value);
    return [...values.filter((value) => typeof value !== "string"), ...needsOf(this.existing)];
  }

  /**
   * Speaks of it in the module of another: `existing`, by the name that this one's module tells. Twice is once.
   * @param from whose module it is; where that is deployed elsewhere, the place is said
   */
  declareIn(infrastructure: Infrastructure, from: DeploymentScope | undefined): Expr {
    if (infrastructure.find(this.symbol) !== undefined) return ref(this.symbol);
    return infrastructure.add({
      symbol: this.symbol,
      ...this.azure,
      existing: true,
      name:
        this.existing === undefined
          ? infrastructure.use(this.nameOutputReference())
          : nameIn(infrastructure, this.existing.name),
      scope: placeIn(infrastructure, this.existing, from),
    });
  }

  /** Gives principals access, in a module of its own. @throws RedoubtError `APP_MODEL` where access is not by identity */
  assignRoles(
    _infrastructure: Infrastructure,
    _principals: readonly Principal[],
    _roles: readonly Role[],
  ): void {
    throw fault("APP_MODEL", `"${this.name}" (${this.type}) has no access by identity`, { at: this.madeAt });
  }

  #end(fill: (output: Output) => void): void {
    this.#ended = fill;
    for (const output of this.#outputs.values()) fill(output);
  }

  #exists(scope: ExistingScope): this {
    this.existing = scope;
    return this;
  }
}
