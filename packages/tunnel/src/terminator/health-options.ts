/** How backends are checked. */
export interface HealthOptions {
  /** Between two checks, ms. Default 2000, as HAProxy has it. */
  readonly interval?: number;
  /** For one check, ms. Default 2000. */
  readonly timeout?: number;
  /** Good checks in a row until a backend that was down is up. Default 2. */
  readonly rise?: number;
  /** Failed ones in a row until a backend that was up is down. Default 3. */
  readonly fall?: number;
  /** `master`: a backend that has become a replica is down. Default `any`. */
  readonly role?: "master" | "any";
}
