import type { Input } from "../../template/expr.ts";

/** A role of Azure, by its built-in id. */
export interface Role {
  readonly id: string;
  /** As in symbols: `KeyVaultSecretsUser`. */
  readonly name: string;
}

/** Who is given access, as a module sees it. Each is read, and with it made a parameter, only where it is needed. */
export interface Principal {
  /** Object id. */
  readonly id: () => Input;
  /** `User` or `ServicePrincipal`. */
  readonly type: () => Input;
  /** Name, which the classic cache wants as well. */
  readonly name: () => Input;
  /** Tells the symbols of several apart; empty for the only one. */
  readonly suffix: string;
}
