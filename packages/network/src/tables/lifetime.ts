import type { CacheKind } from "../model/cache.ts";

/** When a product ends. */
export interface Retirement {
  readonly announced: string;
  /** The last day. */
  readonly retired: string;
  /** Instances that are left are switched off then. */
  readonly disabled: string;
  /** Since when new customers cannot create one; `null` for no such day. */
  readonly closedToNew: string | null;
}

/** Dates of Microsoft's announcement; Azure Managed Redis has none. */
export const retirements: Readonly<Record<CacheKind, Retirement | null>> = {
  redis: {
    announced: "2025-10-08",
    retired: "2028-09-30",
    disabled: "2028-10-01",
    closedToNew: "2026-04-01",
  },
  enterprise: {
    announced: "2025-10-08",
    retired: "2027-03-31",
    disabled: "2027-04-01",
    closedToNew: "2026-04-01",
  },
  managed: null,
};
