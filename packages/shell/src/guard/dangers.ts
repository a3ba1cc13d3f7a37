/** What a command may destroy or stop. */
export interface Danger {
  /** Its name, without arguments. */
  readonly command: string;
  readonly does: string;
}

/** One or two words, and what they do. What follows them does not matter. */
const dangers: ReadonlyMap<string, string> = new Map(
  Object.entries({
    FLUSHALL: "deletes all keys of all databases",
    FLUSHDB: "deletes all keys of a database",
    SWAPDB: "exchanges two databases for all clients",
    SHUTDOWN: "ends the server",
    FAILOVER: "hands the role of the primary over",
    REPLICAOF: "may replace all data by another server's",
    SLAVEOF: "may replace all data by another server's",
    MIGRATE: "moves keys to another server",
    DEBUG: "may stop, block or crash the server",
    SAVE: "blocks the server while it writes all data",
    "CONFIG SET": "changes how the server works",
    "CONFIG REWRITE": "changes the server's configuration file",
    "SCRIPT FLUSH": "forgets all scripts",
    "SCRIPT KILL": "ends a script that others wait for",
    "FUNCTION FLUSH": "deletes all functions",
    "FUNCTION DELETE": "deletes functions",
    "FUNCTION RESTORE": "may replace functions",
    "FUNCTION KILL": "ends a function that others wait for",
    "ACL SETUSER": "changes who may do what",
    "ACL DELUSER": "deletes users and ends their connections",
    "ACL LOAD": "replaces all users",
    "CLIENT KILL": "ends connections of others",
    "CLIENT PAUSE": "makes all clients wait",
    "CLUSTER ADDSLOTS": "changes which node has which keys",
    "CLUSTER ADDSLOTSRANGE": "changes which node has which keys",
    "CLUSTER DELSLOTS": "changes which node has which keys",
    "CLUSTER DELSLOTSRANGE": "changes which node has which keys",
    "CLUSTER FAILOVER": "hands the role of a primary over",
    "CLUSTER FLUSHSLOTS": "makes a node give up all slots",
    "CLUSTER FORGET": "removes a node from the cluster",
    "CLUSTER RESET": "makes a node leave the cluster",
    "CLUSTER SETSLOT": "changes which node has which keys",
    "MODULE LOAD": "loads code into the server",
    "MODULE LOADEX": "loads code into the server",
    "MODULE UNLOAD": "removes types and commands",
    "SENTINEL FAILOVER": "hands the role of the primary over",
    "SENTINEL REMOVE": "stops watching a primary",
    "SENTINEL RESET": "forgets replicas and Sentinels",
  }),
);

/** From so many keys on, deleting them in one command is asked about. */
export const manyKeys = 10;
/** From so many keys in the database on, KEYS is: it blocks the server while it looks at each. */
export const bigDatabase = 10_000;

const deleting: ReadonlySet<string> = new Set(["DEL", "UNLINK"]);

/** How many keys the database has; null where that cannot be asked now. */
export type DatabaseSize = () => Promise<number | null>;

/**
 * What a command endangers; null for nothing.
 * @param words byte text
 * @param databaseSize asked for KEYS only
 */
export async function dangerOf(words: readonly string[], databaseSize: DatabaseSize): Promise<Danger | null> {
  const [first = "", second = ""] = words.map((word) => word.toUpperCase());
  for (const command of [`${first} ${second}`, first]) {
    const does = dangers.get(command);
    if (does !== undefined) return { command, does };
  }
  if (deleting.has(first) && words.length > manyKeys)
    return { command: first, does: `deletes ${words.length - 1} keys` };
  if (first !== "KEYS") return null;
  const size = await databaseSize();
  if (size !== null && size < bigDatabase) return null;
  const many = size === null ? "all" : size;
  return { command: first, does: `blocks the server while it looks at ${many} keys (--scan does not)` };
}
