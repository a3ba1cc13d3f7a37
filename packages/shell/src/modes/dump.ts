import { once } from "node:events";
import { createWriteStream } from "node:fs";
import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { RedoubtError } from "@redoubt/client";
import type { Line } from "../session/line.ts";
import { DumpReader } from "./dump-reader.ts";
import { demand, type Scene, talk } from "./scene.ts";

/**
 * --rdb and --functions-rdb: asks for a full resynchronisation as a replica does, and writes what comes into a file that only its user
 * can read (`-`: stdout). @returns the exit code
 */
export async function runDump(scene: Scene, functionsOnly: boolean): Promise<number> {
  const { session, settings, world } = scene;
  const path = settings.file ?? "-";
  const options = [
    ["capa", "eof"],
    ["rdb-only", "1"],
    ...(functionsOnly ? [["rdb-filter-only", "functions"]] : []),
  ];
  for (const [name, value] of options as [string, string][]) {
    talk(scene, `sending REPLCONF ${name} ${value}`);
    await replconf(scene, name, value, functionsOnly);
  }
  const line = await session.open();
  const target = path === "-" ? world.stdout : await fileAt(path);
  const reader = await transfer(scene, line, target, path);
  if (path !== "-") {
    target.end();
    await finished(target);
  }
  talk(scene, `Transfer finished with success after ${reader.written} bytes`);
  return 0;
}

/** Old servers do not know what makes it cheaper; the filter is not to be done without. */
async function replconf(scene: Scene, name: string, value: string, isNeeded: boolean): Promise<void> {
  try {
    await demand(scene, "REPLCONF", name, value);
  } catch (error) {
    if (isNeeded || !(error instanceof RedoubtError) || !error.code.startsWith("REPLY_")) throw error;
    talk(scene, `REPLCONF ${name} error: ${error.message}`);
  }
}

async function fileAt(path: string): Promise<Writable> {
  const file = createWriteStream(path, { mode: 0o600 });
  try {
    await once(file, "open");
  } catch (cause) {
    throw new RedoubtError(
      "CONFIG_FILE",
      `The file cannot be written (${(cause as NodeJS.ErrnoException).code}).`,
      {
        cause,
      },
    );
  }
  return file;
}

function transfer(scene: Scene, line: Line, target: Writable, path: string): Promise<DumpReader> {
  const { signal } = scene;
  const reader = new DumpReader((bytes) => {
    if (target.write(bytes)) return;
    line.socket.pause();
    target.once("drain", () => line.socket.resume());
  });
  const name = path === "-" ? "stdout" : `'${path}'`;
  return new Promise((resolve, reject) => {
    const end = (settle: () => void): void => {
      signal.removeEventListener("abort", abort);
      target.off("error", reject);
      line.onEnd = null;
      line.close();
      settle();
    };
    const abort = (): void =>
      end(() => reject(new RedoubtError("CLOSED_ABORTED", "Interrupted during the transfer")));
    signal.addEventListener("abort", abort);
    target.once("error", reject);
    line.onEnd = () => end(() => reject(line.ended as RedoubtError));
    line.raw((bytes) => {
      try {
        const known = reader.size !== undefined;
        const isDone = reader.take(bytes);
        if (!known && reader.size !== undefined) talk(scene, announcement(reader.size, name));
        if (isDone) end(() => resolve(reader));
      } catch (error) {
        end(() => reject(error as RedoubtError));
      }
    });
    line.send([Buffer.from("SYNC")]);
  });
}

function announcement(size: number | null, name: string): string {
  return size === null
    ? `SYNC sent to master, writing bytes of bulk transfer until EOF marker to ${name}`
    : `SYNC sent to master, writing ${size} bytes to ${name}`;
}
