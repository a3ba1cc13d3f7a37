import { setTimeout as sleep } from "node:timers/promises";
import { RedoubtError } from "@redoubt/client";
import type { TypedReply } from "@redoubt/client/protocol";
import type { Guard } from "../guard/guard.ts";
import type { Format } from "../reply/format.ts";
import { errorText, numberOf } from "../reply/text.ts";
import { asError } from "../session/line.ts";
import { placeText } from "../session/place.ts";
import type { Session } from "../session/session.ts";
import type { Settings } from "../target/settings.ts";
import type { World } from "../world.ts";
import type { Out } from "./out.ts";

/** All that a mode works with. */
export interface Scene {
  readonly world: World;
  readonly settings: Settings;
  readonly session: Session;
  readonly format: Format;
  readonly guard: Guard;
  readonly out: Out;
  /** Aborted when the user interrupts, or nobody reads what is printed. */
  readonly signal: AbortSignal;
  /** Whether somebody types commands, so that nothing ends the program but that. */
  readonly isInteractive: boolean;
}

/** One or more lines to stderr. What a server wrote among them steers no terminal. */
export function talk({ world }: Pick<Scene, "world">, text: string): void {
  world.stderr.write(`${text.replace(/(?!\n)[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu, escaped)}\n`);
}

function escaped(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
}

/** Waits. @throws RedoubtError `CLOSED_ABORTED` on interrupt */
export async function pause({ signal }: Pick<Scene, "signal">, ms: number): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch {
    throw new RedoubtError("CLOSED_ABORTED", "Interrupted while waiting");
  }
}

/** The reply to a command of the shell's own. @throws RedoubtError when it is an error reply */
export async function demand({ session }: Pick<Scene, "session">, ...words: string[]): Promise<TypedReply> {
  const reply = await session.ask(words);
  const failed = errorText(reply);
  if (failed === null) return reply;
  throw asError(failed);
}

/** Lets a command pass where it is not production, or it is confirmed. */
export async function guarded(scene: Scene, words: readonly string[]): Promise<void> {
  const { guard, session } = scene;
  // Within MULTI it would be queued, and a subscriber may not ask.
  const canAsk = !session.state.inMulti && session.state.subscriptions === 0;
  const size = async (): Promise<number | null> => (canAsk ? numberOf(await session.ask(["DBSIZE"])) : null);
  await guard.check(words, placeText(session.endpoint), size);
}
