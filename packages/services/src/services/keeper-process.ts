import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { RedoubtError } from "@redoubt/client";
import { type CallOptions, callKeeper, NobodyListens } from "../orders/caller.ts";
import type { Order } from "../orders/words.ts";
import { stillRuns } from "../state/identity.ts";
import { holderOf } from "../state/lock.ts";
import type { ServicePlaces } from "../state/places.ts";

/** How long a keeper may take until it can be called, ms. */
const patience = 30_000;

/** What of the environment keepers and servers get. The rest is not theirs: there may be secrets in it. */
const passedOn =
  /^(PATH|HOME|USER|LOGNAME|TMPDIR|TZ|LANG|LC_\w+|XDG_\w+|NODE_EXTRA_CA_CERTS|REDOUBT_TEST_\w+)$/;

/** Whether somebody keeps the service. */
export async function isKept(places: ServicePlaces): Promise<boolean> {
  const holder = await holderOf(places.keeperLock);
  return holder !== null && (await stillRuns(holder.pid, holder.identity));
}

/**
 * Gives the keeper of a service an order, and starts it where there is none.
 * @throws RedoubtError what it answers; `SERVICE_FAILED` when it cannot be started
 */
export async function order(places: ServicePlaces, what: Order, options: CallOptions): Promise<unknown> {
  const deadline = performance.now() + Math.min(options.timeout, patience);
  let started: Started | null = null;
  for (;;) {
    try {
      return await callKeeper(places.keeperSocket, what, options);
    } catch (error) {
      if (!(error instanceof NobodyListens)) throw error;
    }
    options.signal?.throwIfAborted();
    if (started?.failed() === true || performance.now() > deadline)
      throw new RedoubtError(
        "SERVICE_FAILED",
        `The keeper of ${places.name} does not start: ${await lastWords(places)}`,
      );
    if (started === null && !(await isKept(places))) started = await startKeeper(places);
    await delay(15);
  }
}

/** Waits until nobody keeps it any more. @throws RedoubtError `SERVICE_FAILED` */
export async function untilLeft(places: ServicePlaces, timeout: number): Promise<void> {
  const deadline = performance.now() + timeout;
  while (await isKept(places)) {
    if (performance.now() > deadline)
      throw new RedoubtError("SERVICE_FAILED", `The keeper of ${places.name} does not end`);
    await delay(15);
  }
}

interface Started {
  /** Whether it has ended because it could not begin. */
  failed(): boolean;
}

async function startKeeper(places: ServicePlaces): Promise<Started> {
  await mkdir(places.logs, { recursive: true, mode: 0o700 });
  // What is said before there is a log, or by Node itself.
  const words = await open(join(places.logs, "keeper.log"), "a", 0o600);
  try {
    const child = spawn(process.execPath, [program(), places.project.home, places.name], {
      cwd: places.project.home,
      detached: true,
      stdio: ["ignore", words.fd, words.fd],
      env: Object.fromEntries(Object.entries(process.env).filter(([name]) => passedOn.test(name))),
    });
    let failed = false;
    child.once("error", () => {
      failed = true;
    });
    // 0: another one was quicker.
    child.once("exit", (code) => {
      failed = code !== 0;
    });
    child.unref();
    return { failed: () => failed };
  } finally {
    await words.close();
  }
}

/** The keeper's program; while the sources are run themselves, as it was built. */
function program(): string {
  const beside = fileURLToPath(new URL("../keeper/main.js", import.meta.url));
  return existsSync(beside) ? beside : beside.replace(/([\\/])src([\\/]keeper[\\/]main\.js)$/, "$1dist$2");
}

async function lastWords({ logs }: ServicePlaces): Promise<string> {
  const path = join(logs, "keeper.log");
  const text = await readFile(path, "utf8").catch(() => "");
  return `${text.trim().split("\n").at(-1)?.slice(0, 500) ?? ""} (log: ${path})`;
}
