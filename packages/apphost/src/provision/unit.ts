/** An ARM template as JSON: what `template/arm.ts` writes, or what somebody else's compiler did. */
export interface Template {
  readonly $schema: string;
  readonly contentVersion: string;
  readonly [section: string]: unknown;
}

/** Where a template is deployed. What is absent is that of the whole app. */
export type Scope =
  | { readonly kind: "group"; readonly subscription?: string; readonly group?: string }
  | { readonly kind: "subscription"; readonly subscription?: string }
  | { readonly kind: "tenant" };

/** What the provisioner itself knows, and fills in where a template asks for it. */
export type KnownParameter =
  | "principalId"
  | "principalName"
  | "principalType"
  | "userPrincipalId"
  | "location";

/** A parameter of a template: something known, or a value that is there when the units of `needs` are. */
export type UnitParameter =
  | { readonly name: string; readonly known: KnownParameter }
  | {
      readonly name: string;
      /** Whether it may be seen. What is secret is never written, shown or logged. */
      readonly secret: boolean;
      resolve(signal: AbortSignal): Promise<unknown>;
    };

/** A secret of a vault that somebody here needs, for example the access key of a cache. */
export interface WantedSecret {
  readonly name: string;
  /** The unit that made the vault; its output `vaultUri` says where it is. */
  readonly vault: string;
  known(value: string): void;
  failed(error: Error): void;
}

/** One thing to deploy: a resource of the model with its template. */
export interface Unit {
  /** Name of the resource; names the deployment also. */
  readonly name: string;
  /** `azure-managed-redis`, for people. */
  readonly type: string;
  readonly template: Template;
  readonly parameters: readonly UnitParameter[];
  /** A function where the name of a group is itself a value that is only known later. */
  readonly scope: Scope | ((signal: AbortSignal) => Promise<Scope>);
  /** Names of units whose outputs or secrets are used here. */
  readonly needs: readonly string[];
  /** The unit whose roles this one assigns: that one counts as running only when this one is done. */
  readonly rolesOf?: string;
  /** Units of one key are never deployed at the same time. Default for those with `rolesOf`: that name. */
  readonly turn?: string;
  /** Secrets that are read when this unit and their vault are running. */
  readonly secrets?: readonly WantedSecret[];
  /** Told of the outputs, as soon as they are known. */
  settled?(outputs: Readonly<Record<string, unknown>>): void;
  /** Told when there will be no outputs. */
  failed?(error: Error): void;
}
