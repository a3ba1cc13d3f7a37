import type { Snapshot } from "../../model/snapshot.ts";
import type { ResourceRun } from "./resource-run.ts";

/** Commands that every resource has that can be started and stopped. Upstream's names. */
export const lifeCommands = ["start", "stop", "restart"] as const;

/** One of them. */
export type LifeCommand = (typeof lifeCommands)[number];

const titles = { start: "Start", stop: "Stop", restart: "Restart" } as const;

/** Whether a word is one of {@link lifeCommands}. */
export function isLifeCommand(word: string): word is LifeCommand {
  return (lifeCommands as readonly string[]).includes(word);
}

/** What can be done with a resource now. @param snapshot of it, without commands */
export function commandsOf(run: ResourceRun, snapshot: Snapshot): Snapshot["commands"] {
  const enabled = { start: !run.alive, stop: run.alive, restart: run.running } as const;
  const ofLife = run.controllable
    ? lifeCommands.map((name) => ({ name, title: titles[name], enabled: enabled[name] }))
    : [];
  const own = run.resource.commands.map(({ name, title, enabled: mayBe }) => ({
    name,
    title,
    enabled: mayBe?.(snapshot) ?? true,
  }));
  return [...ofLife.filter(({ name }) => !own.some((other) => other.name === name)), ...own];
}
