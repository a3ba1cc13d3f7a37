import type { Expr, Input } from "./expr.ts";

/** Types of parameters and outputs. A secret is a `string` or `object` that is marked `secure`. */
export type ValueType = "string" | "int" | "bool" | "object" | "array";

/** Where a template is deployed to. */
export type TargetScope = "resourceGroup" | "subscription" | "tenant";

/** A parameter of a template. */
export interface Param {
  readonly name: string;
  readonly type: ValueType;
  readonly description?: string | undefined;
  /** Never shown or kept by Azure. */
  readonly secure?: boolean | undefined;
  /** Without one, whoever deploys must say the value. */
  readonly default?: Input;
}

/** A named value of a template. */
export interface Variable {
  readonly name: string;
  readonly value: Input;
}

/** A resource that a template creates, or with `existing` only speaks about. */
export interface Declared {
  /** The name that the template knows it by; letters, digits and `_`. */
  readonly symbol: string;
  /** `Microsoft.Cache/redisEnterprise/databases`. */
  readonly type: string;
  /** `2025-07-01`. */
  readonly apiVersion: string;
  readonly existing?: boolean | undefined;
  /** The name in Azure; of a child only the last part. */
  name: Input;
  /** `location`, `sku`, `properties`, `tags`…, written in this order. */
  body?: { [name: string]: Input } | undefined;
  /** Where it belongs when that is not the deployment's own scope: `ref("keyVault")`, `call("resourceGroup", …)`. */
  scope?: Expr | undefined;
  /** Symbol of the resource that it is a part of. */
  readonly parent?: string | undefined;
  /** Symbols of resources that must be there first and that no expression names. */
  dependsOn?: readonly string[] | undefined;
  /** Only created when this is true. */
  condition?: Expr | undefined;
}

/** The use of another template, deployed as a part of this one. */
export interface ModuleUse {
  readonly symbol: string;
  /** Its Bicep file, seen from this one's folder: `cache/cache.bicep`. */
  readonly path: string;
  /** What `path` holds; ARM JSON has no files, so the module is written into the template that uses it. */
  readonly module: Module;
  /** Name of the deployment. */
  readonly name: Input;
  /** `ref` to a resource group, or one of the functions `resourceGroup`, `subscription`, `tenant`. */
  readonly scope: Expr;
  readonly params: readonly (readonly [name: string, value: Input])[];
  readonly dependsOn?: readonly string[] | undefined;
}

/** What a template tells when it has been deployed. */
export interface OutputDeclaration {
  readonly name: string;
  readonly type: ValueType;
  readonly value: Input;
}

/**
 * One template as data. `bicep()` and `arm()` write it; both write the same thing. Lists are written in their order:
 * parameters, variables, resources, uses of modules, outputs.
 */
export interface Module {
  /** Default `resourceGroup`. */
  readonly targetScope?: TargetScope | undefined;
  readonly params: Param[];
  readonly variables?: Variable[] | undefined;
  readonly resources: Declared[];
  readonly modules?: ModuleUse[] | undefined;
  readonly outputs: OutputDeclaration[];
}
