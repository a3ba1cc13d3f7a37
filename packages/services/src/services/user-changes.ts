import { RedoubtError } from "@redoubt/client";
import { madeUpPassword } from "@redoubt/server/launch";
import type { AccessControl, UserCreateOptions } from "../contract/user.ts";
import { checkUserName, didYouMean } from "../state/names.ts";
import type { ServiceRecord, UserRecord } from "../state/record.ts";
import { checkAccess } from "../users/access.ts";
import { operatorName } from "../users/rules.ts";
import { checkPassword } from "./checks.ts";

/** @throws RedoubtError `SERVICE_USER_UNKNOWN` */
export function findUser({ name, users }: ServiceRecord, username: string): UserRecord {
  const found = users.find((user) => user.username === username);
  if (found !== undefined) return found;
  const names = users.map((user) => user.username);
  throw new RedoubtError(
    "SERVICE_USER_UNKNOWN",
    `The service ${name} has no user ${JSON.stringify(username.slice(0, 80))}.${didYouMean(username, names)}`,
  );
}

/** @throws RedoubtError `SERVICE_USER_EXISTS`, and of the family `CONFIG_` */
export function userAdded(
  record: ServiceRecord,
  username: string,
  options: UserCreateOptions,
): ServiceRecord {
  checkUserName(username);
  if (username === operatorName || record.users.some((user) => user.username === username))
    throw new RedoubtError(
      "SERVICE_USER_EXISTS",
      `The service ${record.name} has a user ${username} already`,
    );
  const user: UserRecord = {
    username,
    password: options.password === undefined ? madeUpPassword() : checkPassword(options.password),
    access: checkAccess(options.accessControl ?? {}),
  };
  return { ...record, users: [...record.users, user] };
}

/** @throws RedoubtError `SERVICE_USER_UNKNOWN`, `SERVICE_UNFIT` */
export function userRemoved(record: ServiceRecord, username: string): ServiceRecord {
  findUser(record, username);
  refuseDefault(username, "cannot be deleted");
  return { ...record, users: record.users.filter((user) => user.username !== username) };
}

/** @throws RedoubtError `SERVICE_USER_UNKNOWN`, `CONFIG_INVALID_VALUE` */
export function passwordReset(record: ServiceRecord, username: string, password?: string): ServiceRecord {
  const user = findUser(record, username);
  const now = password === undefined ? madeUpPassword() : checkPassword(password);
  return replaced(record, { ...user, password: now });
}

/** @throws RedoubtError `SERVICE_USER_UNKNOWN`, `SERVICE_UNFIT`, and of the family `CONFIG_` */
export function accessSet(record: ServiceRecord, username: string, access: AccessControl): ServiceRecord {
  const user = findUser(record, username);
  refuseDefault(username, "may do everything that the service allows");
  return replaced(record, { ...user, access: checkAccess(access) });
}

function refuseDefault(username: string, why: string): void {
  if (username !== "default") return;
  throw new RedoubtError("SERVICE_UNFIT", `The user default ${why}`, {
    hint: "Make a user for programs that shall do less: redoubt service user-create NAME --username USER.",
  });
}

function replaced(record: ServiceRecord, user: UserRecord): ServiceRecord {
  return {
    ...record,
    users: record.users.map((other) => (other.username === user.username ? user : other)),
  };
}
