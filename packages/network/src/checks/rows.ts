import { authRows } from "./auth/rows.ts";
import { dnsRows } from "./dns/rows.ts";
import { nodesRows } from "./nodes/rows.ts";
import { serverRows } from "./server/rows.ts";
import { stringRows } from "./string/rows.ts";
import { tcpRows } from "./tcp/rows.ts";
import { tlsRows } from "./tls/rows.ts";
import { wayOutRows } from "./way-out/rows.ts";

export { type Area, areas, type CheckRow, type DoctorSeverity } from "./row.ts";

/** Every check of the doctor. Each id has a page in `docs/doctor/`. */
export const checkRows = {
  ...stringRows,
  ...dnsRows,
  ...tcpRows,
  ...tlsRows,
  ...authRows,
  ...serverRows,
  ...nodesRows,
  ...wayOutRows,
};

/** One of the ids of {@link checkRows}. */
export type CheckId = keyof typeof checkRows;
