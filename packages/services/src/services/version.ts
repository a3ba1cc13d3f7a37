import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { RedoubtError } from "@redoubt/client";
import { findBinary } from "@redoubt/server/launch";
import { type ServiceTypeName, serviceTypes } from "../catalog/service-types.ts";
import type { UserConfig } from "../contract/service.ts";

const run = promisify(execFile);
/** How long a program may take to say its version, ms. */
const patience = 20_000;

/**
 * Holds `redis_version` or `valkey_version`, where it is set, against the installed server: another one cannot be had here.
 *
 * @throws RedoubtError `CONFIG_INVALID_VALUE` that names both versions; `SERVICE_FAILED` where there is no such program
 */
export async function checkVersion(type: ServiceTypeName, config: UserConfig): Promise<void> {
  const { prefix, program } = serviceTypes[type];
  const key = `${prefix}version`;
  const wanted = config[key];
  if (wanted === undefined || wanted === null) return;
  const installed = await versionOf(program);
  if (installed.split(".").slice(0, 2).join(".") === wanted) return;
  throw new RedoubtError(
    "CONFIG_INVALID_VALUE",
    `${key}: the installed ${program} is ${installed}, not ${JSON.stringify(wanted)}.`,
    { hint: `Leave ${key} out, or install ${program} of that version.` },
  );
}

async function versionOf(program: string): Promise<string> {
  try {
    const { stdout } = await run(await findBinary(program), ["--version"], { timeout: patience });
    const version = /\bv=(\d+\.\d+\.\d+)/.exec(stdout)?.[1];
    if (version !== undefined) return version;
  } catch (cause) {
    throw new RedoubtError("SERVICE_FAILED", `${program} cannot be asked for its version.`, { cause });
  }
  throw new RedoubtError("SERVICE_FAILED", `${program} does not say its version as servers do.`);
}
