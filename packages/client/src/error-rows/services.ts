import { type ErrorRow, row } from "./row.ts";

/** What becomes of services on this machine. */
export const services = {
  SERVICE_UNKNOWN: row(
    false,
    "A misspelt name, or another folder of state (REDOUBT_HOME).",
    "`redoubt service list` names the services; the nearest name is in the message.",
  ),
  SERVICE_EXISTS: row(
    false,
    "The service was made before.",
    "Choose another name, or use the service that is there.",
  ),
  SERVICE_BUSY: row(
    true,
    "Another command changes the same service.",
    "Wait until the change that the message names has ended, and try again.",
  ),
  SERVICE_CHANGED: row(
    false,
    "Somebody changed the service after this change was prepared.",
    "Nothing was changed: look at the service as it is now, and say again what to change.",
  ),
  SERVICE_STATE: row(
    false,
    "A file of the service was edited or written by another version, or the folder of state cannot be used.",
    "Restore the file that the message names, or terminate the service and make it again.",
  ),
  SERVICE_PROTECTED: row(
    false,
    "The service was protected against being terminated, or switched off.",
    "Take the protection away first: redoubt service update NAME --disable-termination-protection.",
  ),
  SERVICE_POWERED_OFF: row(
    false,
    "The service was powered off.",
    "Power it on first: redoubt service power-on NAME.",
  ),
  SERVICE_FAILED: row(
    true,
    "The server program is missing, or something else has the ports of the service.",
    "The log of the keeper, which the message names, says what is wrong.",
  ),
  SERVICE_UNFIT: row(
    false,
    "The plan of the service has no such thing.",
    "Choose a plan that has it; `redoubt service plans` says what each has.",
  ),
  SERVICE_USER_UNKNOWN: row(
    false,
    "A misspelt name of a user.",
    "`redoubt service user-list NAME` names the users of the service.",
  ),
  SERVICE_USER_EXISTS: row(
    false,
    "The user was made before, or its name is taken by the service itself.",
    "Choose another name, or reset the password of the user that is there.",
  ),
  SERVICE_BACKUP_UNKNOWN: row(
    false,
    "A misspelt name, or a backup that was older than the plan keeps them.",
    "`redoubt service backup-list NAME` names the backups that there are.",
  ),
  SERVICE_BACKUP_DAMAGED: row(
    false,
    "The file was changed, or the disk has lost something of it.",
    "Use an older backup; nothing was changed.",
  ),
} as const satisfies Record<string, ErrorRow>;
