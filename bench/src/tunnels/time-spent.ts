import type { Profile } from "../measurement.ts";
import type { HotSpots } from "./hot-spots.ts";

/** Where the time of a program goes: samples of all of it, the kernel included, and a profile of its JavaScript. */
export interface TimeSpent {
  readonly hotSpots: HotSpots | null;
  readonly profile: Profile | null;
}
