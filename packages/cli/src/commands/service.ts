import type { Command } from "commander";
import type { Invocation } from "../invocation.ts";
import { addServiceBackups } from "./service/backups.ts";
import { addServiceCaGet } from "./service/ca-get.ts";
import { addServiceCli } from "./service/cli.ts";
import { addServiceConnectionInfo } from "./service/connection-info.ts";
import { addServiceCreate } from "./service/create.ts";
import { addServiceCredentialsReset } from "./service/credentials-reset.ts";
import { addServiceCurrentQueries } from "./service/current-queries.ts";
import { addServiceEvents } from "./service/events.ts";
import { addServiceFailover } from "./service/failover.ts";
import { addServiceFork } from "./service/fork.ts";
import { addServiceGet } from "./service/get.ts";
import { addServiceList } from "./service/list.ts";
import { addServiceLogs } from "./service/logs.ts";
import { addServiceMetrics } from "./service/metrics.ts";
import { addServicePlans } from "./service/plans.ts";
import { addServicePower } from "./service/power.ts";
import { addServiceRestore } from "./service/restore.ts";
import { addServiceRotateCertificate } from "./service/rotate-certificate.ts";
import { addServiceSimulate } from "./service/simulate.ts";
import { addServiceTags } from "./service/tags.ts";
import { addServiceTerminate } from "./service/terminate.ts";
import { addServiceTypes } from "./service/types.ts";
import { addServiceUpdate } from "./service/update.ts";
import { addServiceUserCreate } from "./service/user-create.ts";
import { addServiceUserCredsDownload } from "./service/user-creds-download.ts";
import { addServiceUserDelete } from "./service/user-delete.ts";
import { addServiceUserGet } from "./service/user-get.ts";
import { addServiceUserList } from "./service/user-list.ts";
import { addServiceUserPasswordReset } from "./service/user-password-reset.ts";
import { addServiceUserSetAccessControl } from "./service/user-set-access-control.ts";
import { addServiceWait } from "./service/wait.ts";

const examples = `
Services outlive the command that made them; their data is below REDOUBT_HOME, else in the
user's data folder. Words may be written apart: "redoubt service user list NAME".

Examples:
  redoubt service create my-redis
  redoubt service update my-redis -c "redis_ssl=false"
  redoubt service connection-info my-redis node-redis
  redoubt service terminate my-redis`;

/** Adds `redoubt service`: managed Redis on this machine. */
export function addService(program: Command, invocation: Invocation, version: string): void {
  const service = program
    .command("service")
    .summary("Managed Redis on this machine.")
    .description("Managed Redis on this machine: create services, change them, connect to them.")
    // Options behind `cli NAME` are the shell's.
    .enablePositionalOptions()
    .helpCommand("help [command]", "print the help of a command")
    .addHelpText("after", examples);
  const parts = [
    addServiceTypes,
    addServicePlans,
    addServiceCreate,
    addServiceList,
    addServiceGet,
    addServiceUpdate,
    addServiceWait,
    addServicePower,
    addServiceTerminate,
    addServiceConnectionInfo,
    addServiceCaGet,
    addServiceUserCreate,
    addServiceUserList,
    addServiceUserGet,
    addServiceUserDelete,
    addServiceUserPasswordReset,
    addServiceUserSetAccessControl,
    addServiceUserCredsDownload,
    addServiceCredentialsReset,
    addServiceLogs,
    addServiceMetrics,
    addServiceCurrentQueries,
    addServiceBackups,
    addServiceRestore,
    addServiceFork,
    addServiceTags,
    addServiceEvents,
    addServiceFailover,
    addServiceRotateCertificate,
    addServiceSimulate,
  ];
  for (const add of parts) add(service, invocation);
  addServiceCli(service, invocation, version);
}
