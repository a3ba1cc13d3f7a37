import type { AccessControl } from "@redoubt/services";
import type { Command } from "commander";

/** The four lists of a user, each one text split at blanks. */
export interface AclFlags {
  readonly redisAclKeys?: string;
  readonly redisAclCommands?: string;
  readonly redisAclCategories?: string;
  readonly redisAclChannels?: string;
}

const lists = [
  ["keys", "patterns of keys: 'session:* cache:*'"],
  ["commands", "commands: '+get -set'"],
  ["categories", "categories: '+@read -@dangerous'"],
  ["channels", "patterns of channels: 'news.*'"],
] as const;

/** Adds `--redis-acl-keys` and its three siblings; `--valkey-acl-…` means the same. */
export function addAclFlags(command: Command): Command {
  for (const [list, meaning] of lists) {
    command.option(`--redis-acl-${list} <list>`, `${meaning}; '' for none`);
    const twin = command.createOption(`--valkey-acl-${list} <list>`, "the same").hideHelp();
    command.addOption(twin);
  }
  return command;
}

/** What the flags ask for; a list that was not given is absent, an empty text is an empty list. */
export function accessControlOf(
  flags: AclFlags & Readonly<Record<string, unknown>>,
): AccessControl | undefined {
  const given: Record<string, readonly string[]> = {};
  for (const [list] of lists) {
    const name = `${(list[0] as string).toUpperCase()}${list.slice(1)}`;
    const text = flags[`redisAcl${name}`] ?? flags[`valkeyAcl${name}`];
    if (typeof text === "string") given[list] = text.split(/\s+/).filter((word) => word !== "");
  }
  return Object.keys(given).length === 0 ? undefined : given;
}
