import type { Value } from "../../model/value.ts";
import type { Input } from "../../template/expr.ts";
import type { Module } from "../../template/module.ts";
import { AzureResource } from "./azure-resource.ts";
import { nameIn } from "./existing.ts";
import type { Infrastructure, ModuleParameter } from "./infrastructure.ts";
import { judgePlace } from "./judge-existing.ts";
import { type Finding, judged, type Violation } from "./violation.ts";

/** A resource of Azure whose module is made of typed settings, which `configureInfrastructure` can change. */
export abstract class AzureModule<I extends Infrastructure = Infrastructure> extends AzureResource {
  readonly #callbacks: ((infrastructure: I) => void)[] = [];
  readonly #parameters = new Map<string, Value>();

  /**
   * Changes or adds to what the module has: settings are typed objects. Called for every mode in which a module is written; calls
   * add up, in their order.
   * @example cache.configureInfrastructure(({ cluster }) => { cluster.sku.name = "Balanced_B5"; });
   */
  configureInfrastructure(callback: (infrastructure: I) => void): this {
    this.#callbacks.push(callback);
    return this;
  }

  /** A value of the app as a parameter of the module, for `configureInfrastructure` to use. */
  withParameter(name: string, value: Value): this {
    this.#parameters.set(name, value);
    return this;
  }

  infrastructure(): Module {
    return this.#compose().module(this.#targetScope());
  }

  moduleParameters(): readonly ModuleParameter[] {
    return this.#compose().given;
  }

  judge(): Violation[] {
    const infrastructure = this.#compose();
    const declared = new Set(infrastructure.module().outputs.map(({ name }) => name));
    const missing = [...this.outputs.keys()].filter((name) => !declared.has(name));
    return judged(this, [
      ...judgePlace(this),
      ...this.findings(infrastructure),
      ...missing.map((name) => ({
        key: `outputs.${name}`,
        message: `Something reads the output "${name}", which the module does not have; it has ${[...declared].join(", ")}.`,
        fix: `Use one of them, or declare it: configureInfrastructure((infra) => infra.output("${name}", …)).`,
      })),
    ]);
  }

  /** Declares the main resource: new, or by its name where it exists. */
  protected declareMain(infrastructure: Infrastructure, name: Input, body: { [name: string]: Input }): void {
    const { symbol, azure, existing } = this;
    infrastructure.add(
      existing === undefined
        ? { symbol, ...azure, name, body }
        : { symbol, ...azure, existing: true, name: nameIn(infrastructure, existing.name) },
    );
  }

  /** The typed settings, as they are before `configureInfrastructure`; parameters that are needed anyhow come first. */
  protected abstract create(): I;

  /** Declares resources and outputs from the settings. */
  protected abstract declare(infrastructure: I): void;

  /** What is wrong with the settings. */
  protected findings(_infrastructure: I): Iterable<Finding> {
    return [];
  }

  /** The settings, with what `configureInfrastructure` changed. */
  protected settings(): I {
    const infrastructure = this.create();
    for (const [name, value] of this.#parameters) infrastructure.use(value, { as: name });
    infrastructure.configure(this.#callbacks);
    return infrastructure;
  }

  #compose(): I {
    const infrastructure = this.settings();
    this.declare(infrastructure);
    return infrastructure;
  }

  /** The scope that the module itself says; none is a resource group. */
  #targetScope(): Module["targetScope"] {
    const { scope } = this;
    if (scope?.tenant === true) return "tenant";
    return scope?.subscription !== undefined && scope.resourceGroup === undefined
      ? "subscription"
      : undefined;
  }
}
