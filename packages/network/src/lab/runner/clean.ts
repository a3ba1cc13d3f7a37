import { statSync } from "node:fs";
import { namespacesOf, removeNamespaces } from "./namespaces.ts";
import {
  isAbandoned,
  type LabState,
  labFolder,
  labNames,
  namespacePrefix,
  readState,
  removeState,
} from "./state.ts";

/** How long somebody may take from making a folder to writing the state into it, ms. */
const moment = 10_000;

/**
 * Removes what earlier programs left behind that were killed: laboratories half made, and namespaces that no laboratory knows.
 *
 * @returns what was removed, a line each
 * @throws RedoubtError `LAB_FAILED`
 */
export async function removeRemains(): Promise<string[]> {
  const removed: string[] = [];
  const known = new Set<string>();
  for (const name of labNames()) {
    const state = readState(name);
    if (state === null ? isNew(name) : !isAbandoned(state)) {
      if (state !== null) known.add(state.id);
      continue;
    }
    if (state !== null) await removeNamespaces(namespacesOf(state.id));
    removeState(name);
    removed.push(`laboratory ${name}, which was half made`);
  }
  const strays = namespacesOf().filter((namespace) => !known.has(idOf(namespace)));
  await removeNamespaces(strays);
  return [...removed, ...strays.map((namespace) => `namespace ${namespace}, which no laboratory knows`)];
}

/** Removes a laboratory with all that it made. */
export async function removeLab({ id, name }: LabState): Promise<void> {
  await removeNamespaces(namespacesOf(id));
  removeState(name);
}

function isNew(name: string): boolean {
  try {
    return Date.now() - statSync(labFolder(name)).mtimeMs < moment;
  } catch {
    return false;
  }
}

function idOf(namespace: string): string {
  return namespace.slice(namespacePrefix.length).split("-")[0] ?? "";
}
