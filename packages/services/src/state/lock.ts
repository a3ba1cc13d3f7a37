import { randomBytes } from "node:crypto";
import { link, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { RedoubtError } from "@redoubt/client";
import { readIfThere } from "./disk.ts";
import { processIdentity, stillRuns } from "./identity.ts";
import { unusable } from "./unusable.ts";

/** Who holds a lock, and what for. */
export interface LockHolder {
  readonly pid: number;
  readonly identity: string;
  /** Tells this hold from every other. */
  readonly nonce: string;
  /** ISO 8601, UTC. */
  readonly since: string;
  readonly actor: string;
  readonly purpose: string;
}

/** A lock that is held. Give it back. */
export interface Lock extends AsyncDisposable {
  release(): Promise<void>;
  /** Puts the file back where somebody has removed it. @returns whether the lock is still ours: nobody else has taken it */
  keep(): Promise<boolean>;
}

/** Tries to take over locks whose holders are gone; more mean that somebody takes and dies again and again. */
const tries = 20;

/**
 * Takes a lock that is a file, or tells who has it. The file appears complete (it is written elsewhere and linked), and a holder
 * that has ended without giving it back is noticed by its process number and start.
 *
 * @returns the lock, or its holder
 * @throws RedoubtError `SERVICE_STATE` when nothing can be written there
 */
export async function takeLock(path: string, actor: string, purpose: string): Promise<Lock | LockHolder> {
  const identity = (await processIdentity(process.pid)) ?? "";
  const nonce = randomBytes(12).toString("hex");
  const holder: LockHolder = {
    pid: process.pid,
    identity,
    nonce,
    since: new Date().toISOString(),
    actor,
    purpose,
  };
  const draft = await drafted(path, holder);
  try {
    for (let attempt = 0; attempt < tries; attempt++) {
      if (await linked(draft, path)) return heldAt(path, holder);
      const other = await holderOf(path);
      if (other === null) continue;
      if (await stillRuns(other.pid, other.identity)) return other;
      await removeStale(path, other, actor);
    }
    throw new Error(`the lock ${path} is taken and left again and again`);
  } finally {
    await rm(draft, { force: true });
  }
}

/**
 * Takes a lock that others hold for moments only, waiting for it.
 * @throws RedoubtError `SERVICE_BUSY` when that takes longer than `patience` ms
 */
export async function patientLock(
  path: string,
  actor: string,
  purpose: string,
  patience: number,
): Promise<Lock> {
  const deadline = performance.now() + patience;
  for (;;) {
    const taken = await takeLock(path, actor, purpose);
    if (isLock(taken)) return taken;
    if (performance.now() > deadline)
      throw new RedoubtError("SERVICE_BUSY", `Process ${taken.pid} takes long: ${taken.purpose}`);
    await pause();
  }
}

/** Who holds it now; null when nobody does. */
export async function holderOf(path: string): Promise<LockHolder | null> {
  const text = await readIfThere(path);
  if (text === null) return null;
  try {
    return JSON.parse(text) as LockHolder;
  } catch {
    // Not written by takeLock: nobody holds it.
    return { pid: 0, identity: "", nonce: "unreadable", since: "", actor: "", purpose: "" };
  }
}

/** Whether what {@link takeLock} returned is the lock. */
export function isLock(taken: Lock | LockHolder): taken is Lock {
  return "release" in taken;
}

/**
 * Removes a lock whose holder is gone. Two that have seen the same one must not remove it one after the other, because the
 * second would remove the lock of the first: whoever removes takes a lock that is named after the hold, and looks again.
 */
async function removeStale(path: string, seen: LockHolder, actor: string): Promise<void> {
  const taken = await takeLock(`${path}.${seen.nonce}`, actor, "take over");
  if (!isLock(taken)) return pause();
  try {
    if ((await holderOf(path))?.nonce === seen.nonce) await rm(path, { force: true });
  } finally {
    await taken.release();
  }
}

function heldAt(path: string, holder: LockHolder): Lock {
  let released = false;
  const release = async (): Promise<void> => {
    if (released) return;
    released = true;
    // Where the file was removed, another may have taken it since: that one is not ours to give back.
    if ((await holderOf(path))?.nonce === holder.nonce) await rm(path, { force: true });
  };
  const keep = async (): Promise<boolean> => {
    const found = await holderOf(path);
    if (found !== null) return found.nonce === holder.nonce;
    return !released && (await put(path, holder));
  };
  return { release, keep, [Symbol.asyncDispose]: release };
}

/** Writes a lock that there is not, whole. @returns false when somebody was quicker */
async function put(path: string, holder: LockHolder): Promise<boolean> {
  const draft = await drafted(path, holder);
  try {
    return await linked(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
}

/** Writes a lock under another name, to be linked. @throws RedoubtError `SERVICE_STATE` when nothing can be written there */
async function drafted(path: string, holder: LockHolder): Promise<string> {
  const draft = join(dirname(path), `.${randomBytes(12).toString("hex")}.draft`);
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(draft, JSON.stringify(holder), { mode: 0o600, flag: "wx" });
  } catch (error) {
    throw unusable(error, path);
  }
  return draft;
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 10));
