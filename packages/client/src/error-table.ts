import { answering } from "./error-rows/answering.ts";
import { apps } from "./error-rows/apps.ts";
import { configuration } from "./error-rows/configuration.ts";
import { connecting } from "./error-rows/connecting.ts";
import { laboratory } from "./error-rows/laboratory.ts";
import type { ErrorRow } from "./error-rows/row.ts";
import { services } from "./error-rows/services.ts";
import { waiting } from "./error-rows/waiting.ts";

export type { ErrorRow };

/**
 * Every error of Redoubt, as rows of one table. Retry, reconnect, the doctor and the command line read the same row.
 *
 * A code is `FAMILY_REASON`. The family says which step failed: `CONFIG_` (the text you gave), `DNS_`, `TCP_`, `TLS_`,
 * `AUTH_`, `REPLY_` (the server answered with an error), `TOPOLOGY_` (who is where), `TIMEOUT_`, `CLOSED_`,
 * `SERVICE_` (services on this machine), `APP_` (apps of the app model), `LAB_` (laboratories on this machine).
 * Each code has a page in `docs/errors/`.
 */
export const errorTable = {
  ...configuration,
  ...connecting,
  ...answering,
  ...waiting,
  ...services,
  ...apps,
  ...laboratory,
} as const satisfies Record<string, ErrorRow>;

/** One of the codes of {@link errorTable}. */
export type ErrorCode = keyof typeof errorTable;
