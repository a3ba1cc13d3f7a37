import { RedoubtError } from "@redoubt/client";
import type { TypedReply } from "@redoubt/client/protocol";
import { toText } from "../line/bytes.ts";
import { formatReply, isVerbatim } from "../reply/format.ts";
import { errorText } from "../reply/text.ts";
import { guarded, pause, type Scene, talk } from "./scene.ts";
import { confirmations, isSubscribing, isUnsubscribing, watchMonitor, watchSubscription } from "./watch.ts";

/**
 * Sends a command, once or several times, and prints what comes back.
 * @param words byte text
 * @returns whether an error reply ends the program: with -e, where nobody types
 */
export async function issue(scene: Scene, words: readonly string[], repeat: number): Promise<boolean> {
  const { session, out, settings, format, isInteractive } = scene;
  const name = words[0]?.toLowerCase() ?? "";
  await guarded(scene, words);
  for (let times = 0; repeat < 0 || times < repeat; times++) {
    if (times > 0 && settings.interval !== undefined) await pause(scene, settings.interval);
    if (name === "monitor") {
      await watchMonitor(scene, words);
      return false;
    }
    if (isSubscribing(name)) {
      if (isInteractive) await confirmations(scene, words);
      else await watchSubscription(scene, words);
      continue;
    }
    if (isUnsubscribing(name)) {
      await confirmations(scene, words);
      continue;
    }
    const reply = await (name === "shutdown" ? shutDown(scene, words) : session.ask(words));
    if (reply === undefined) return false;
    const failed = errorText(reply);
    if (failed !== null && settings.failOnError && !isInteractive) {
      talk(scene, toText(failed));
      return true;
    }
    await out.write(formatReply(reply, format, isVerbatim(words)));
  }
  return false;
}

/** The reply to SHUTDOWN: an error, or none, because the server has gone. */
async function shutDown({ session }: Scene, words: readonly string[]): Promise<TypedReply | undefined> {
  await session.open();
  try {
    return await session.ask(words);
  } catch (error) {
    if (error instanceof RedoubtError && error.code === "CLOSED_CONNECTION") return undefined;
    throw error;
  }
}
