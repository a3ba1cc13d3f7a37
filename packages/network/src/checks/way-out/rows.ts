import { type CheckRow, rowOf } from "../row.ts";

const row = rowOf("way-out");

/** Checks of the area `way-out`. */
export const wayOutRows = {
  "way-out-tunnelled": row(
    "error",
    0.9,
    "Nothing that a cache depends on can be reached",
    "Route 0.0.0.0/0 of the subnet to the internet.",
  ),
  "way-out-port-80": row(
    "error",
    0.92,
    "Outbound port 80 is blocked",
    "Let TCP 80 out of the subnet of the cache.",
  ),
  "way-out-blocked": row(
    "error",
    0.85,
    "Some of what a cache depends on cannot be reached",
    "Let it out, by service tag.",
  ),
} as const satisfies Record<string, CheckRow>;
