import { type OneOrMore, several } from "./argument.ts";
import { type Command, command, type RedisArgument, spec } from "./command.ts";
import { type Mapping, toNumber, toObject } from "./decode.ts";

const ACL_CAT = spec("ACL CAT", { keys: null });
const ACL_DELUSER = spec("ACL DELUSER", { keys: null });
const ACL_DRYRUN = spec("ACL DRYRUN", { keys: null });
const ACL_GENPASS = spec("ACL GENPASS", { keys: null });
const ACL_GETUSER = spec("ACL GETUSER", { keys: null, shape: "object" });
const ACL_LIST = spec("ACL LIST", { keys: null });
const ACL_LOAD = spec("ACL LOAD", { keys: null });
const ACL_LOG = spec("ACL LOG", { keys: null });
const ACL_SAVE = spec("ACL SAVE", { keys: null });
const ACL_SETUSER = spec("ACL SETUSER", { keys: null });
const ACL_USERS = spec("ACL USERS", { keys: null });
const ACL_WHOAMI = spec("ACL WHOAMI", { keys: null });

/** Further permissions of a user, next to those of the user itself. */
export interface AclSelector {
  readonly commands: string;
  readonly keys: string;
  readonly channels: string;
}

/** A user with its permissions; passwords as hashes. Keys and channels are lists before Redis 7. */
export interface AclUser {
  readonly flags: string[];
  readonly passwords: string[];
  readonly commands: string;
  readonly keys: string | string[];
  readonly channels: string | string[];
  readonly selectors?: AclSelector[];
}

/** Something that was forbidden. The last three since Redis 7.2. */
export interface AclLogEntry {
  readonly count: number;
  readonly reason: string;
  readonly context: string;
  readonly object: string;
  readonly username: string;
  readonly "age-seconds": number;
  readonly "client-info": string;
  readonly "entry-id"?: number;
  readonly "timestamp-created"?: number;
  readonly "timestamp-last-updated"?: number;
}

/** The categories of commands, or the commands of one. */
export function aclCat(categoryName?: RedisArgument): Command<string[]> {
  return command(ACL_CAT, categoryName === undefined ? [] : [categoryName]);
}

/** Deletes users and closes their connections; answers how many there were. */
export function aclDelUser(username: OneOrMore): Command<number> {
  return command(ACL_DELUSER, [...several(ACL_DELUSER, "username", username)]);
}

/** Whether a user might run a command: `OK`, or what forbids it. */
export function aclDryRun(username: RedisArgument, words: readonly RedisArgument[]): Command<string> {
  return command(ACL_DRYRUN, [username, ...several(ACL_DRYRUN, "command", words)]);
}

/** A random password with so many bits, 256 by default, in hexadecimal. */
export function aclGenPass(bits?: number): Command<string> {
  return command(ACL_GENPASS, bits === undefined ? [] : [bits]);
}

/** What a user may do; null when there is no such user. */
export function aclGetUser(username: RedisArgument): Command<AclUser | null> {
  return command(ACL_GETUSER, [username], (user: Record<string, unknown> | null) => {
    const selectors = user?.["selectors"] as Mapping[] | undefined;
    if (user && selectors) user["selectors"] = selectors.map((selector) => toObject(selector));
    return user as AclUser | null;
  });
}

/** All users, as lines of an ACL file. */
export function aclList(): Command<string[]> {
  return command(ACL_LIST, []);
}

/** Reads the ACL file again. */
export function aclLoad(): Command<"OK"> {
  return command(ACL_LOAD, []);
}

/** What was forbidden lately, the latest first. */
export function aclLog(count?: number): Command<AclLogEntry[]> {
  return command(ACL_LOG, count === undefined ? [] : [count], (reply: readonly Mapping[]) =>
    reply.map((entry) => {
      const object = toObject(entry);
      object["age-seconds"] = toNumber(object["age-seconds"] as string | number);
      return object as unknown as AclLogEntry;
    }),
  );
}

/** Empties the log. */
export function aclLogReset(): Command<"OK"> {
  return command(ACL_LOG, ["RESET"]);
}

/** Writes the users into the ACL file. */
export function aclSave(): Command<"OK"> {
  return command(ACL_SAVE, []);
}

/** Makes or changes a user: `aclSetUser("app", ["on", ">password", "~app:*", "+@read"])`. */
export function aclSetUser(username: RedisArgument, rule: OneOrMore): Command<"OK"> {
  return command(ACL_SETUSER, [username, ...several(ACL_SETUSER, "rule", rule)]);
}

/** The names of all users. */
export function aclUsers(): Command<string[]> {
  return command(ACL_USERS, []);
}

/** The user of this connection. */
export function aclWhoAmI(): Command<string> {
  return command(ACL_WHOAMI, []);
}
