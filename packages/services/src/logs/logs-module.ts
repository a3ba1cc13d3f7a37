import { join } from "node:path";
import type { KeeperModule, MakeModule } from "../contract/module.ts";
import { type RotationLimits, rotate, unitsOf } from "./log-file.ts";

/** Folder of the logs below that of a service. */
export const logsFolder = (service: string): string => join(service, "logs");

/** How often files are looked at, ms. */
const lookEvery = 5_000;

/** What is kept of each unit: 6 MiB, or hardly anything where nobody wants logs. */
const limits: Readonly<Record<"kept" | "not-kept", RotationLimits>> = {
  kept: { size: 1024 * 1024, count: 5 },
  "not-kept": { size: 64 * 1024, count: 1 },
};

/** Puts the logs of a service aside as they grow. */
export const logsModule: MakeModule = (context) => {
  const folder = logsFolder(context.folder);
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();
  const look = async (): Promise<void> => {
    const limit = limits[context.settings.keepsLogs ? "kept" : "not-kept"];
    for (const unit of await unitsOf(folder)) await rotate(folder, unit, limit);
  };
  return {
    orders: {},
    start: () => {
      clearInterval(timer);
      timer = setInterval(() => {
        looking = looking.then(look).catch((error: Error) => context.say(`Logs: ${error.message}`));
      }, lookEvery);
      return Promise.resolve();
    },
    stop: () => {
      clearInterval(timer);
      return looking;
    },
  } satisfies KeeperModule;
};
