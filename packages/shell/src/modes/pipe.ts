import { randomBytes } from "node:crypto";
import { RedoubtError } from "@redoubt/client";
import { toText } from "../line/bytes.ts";
import { errorText, plainText } from "../reply/text.ts";
import type { Line } from "../session/line.ts";
import { placeText } from "../session/place.ts";
import { type Scene, talk } from "./scene.ts";

/** How many replies came, and how many were errors. */
interface Tally {
  replies: number;
  errors: number;
}

/**
 * Sends stdin, which is protocol already, as fast as the server takes it, and counts the replies. @returns 1 when there was an error
 */
export async function runPipe(scene: Scene): Promise<number> {
  const { session, world, out, guard } = scene;
  await guard.ask(
    { command: "--pipe", does: "sends commands that nobody has looked at" },
    placeText(session.endpoint),
  );
  const line = await session.open();
  // Whoever sends this at the end knows that everything before it was answered. Source: redis-cli's --pipe.
  const magic = randomBytes(10).toString("hex");
  const tally: Tally = { replies: 0, errors: 0 };
  const counted = count(scene, line, magic, tally);
  // The sender may fail first, and then says it itself.
  counted.catch(() => {});
  for await (const chunk of world.stdin) await line.pour(Buffer.from(chunk as Buffer));
  await line.pour(Buffer.from(`\r\n*2\r\n$4\r\nECHO\r\n$${magic.length}\r\n${magic}\r\n`));
  await out.write("All data transferred. Waiting for the last reply...\n");
  scene.session.line?.socket.setNoDelay(true);
  await withDeadline(counted, scene, tally);
  await out.write("Last reply received from server.\n");
  await out.write(`errors: ${tally.errors}, replies: ${tally.replies}\n`);
  return tally.errors > 0 ? 1 : 0;
}

async function count(scene: Scene, line: Line, magic: string, tally: Tally): Promise<void> {
  for (;;) {
    const { value, isPush } = await line.next(scene.signal);
    if (isPush) continue;
    const failed = errorText(value);
    if (failed === null && plainText(value) === magic) return;
    tally.replies++;
    if (failed === null) continue;
    tally.errors++;
    talk(scene, toText(failed));
  }
}

/** The deadline is about silence: as long as replies come, it begins again. */
async function withDeadline(counted: Promise<void>, { settings }: Scene, tally: Tally): Promise<void> {
  const { pipeTimeout } = settings;
  if (pipeTimeout === 0) return counted;
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    let before = -1;
    timer = setInterval(() => {
      if (tally.replies === before)
        reject(
          new RedoubtError(
            "TIMEOUT_COMMAND",
            `No replies for ${pipeTimeout / 1000} seconds: ${tally.errors} errors, ${tally.replies} replies so far`,
          ),
        );
      before = tally.replies;
    }, pipeTimeout);
  });
  try {
    await Promise.race([counted, silence]);
  } finally {
    clearInterval(timer);
  }
}
