import type { App } from "../../model/app.ts";
import type { AzureAccount } from "../azure/azure-account.ts";
import type { Masker } from "../logs/masker.ts";
import type { AppPlaces } from "../places.ts";
import type { Allocation } from "../ports/allocation.ts";
import type { Guard } from "../process/guard.ts";
import type { Ledger } from "../process/ledger.ts";
import type { Trust } from "../trust.ts";

/** What runners need to bring resources to life. */
export interface Workshop {
  readonly app: App;
  readonly places: AppPlaces;
  readonly trust: Trust;
  readonly allocation: Allocation;
  readonly guard: Guard;
  readonly ledger: Ledger;
  readonly masker: Masker;
  /** What provisions resources that are in Azure. */
  readonly azure: AzureAccount;
  /** Environment variables of this process. */
  readonly variables: NodeJS.ProcessEnv;
}
