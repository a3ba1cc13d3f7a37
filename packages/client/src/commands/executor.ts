import type { Command } from "./command.ts";

/** Who carries out commands: a client, or whatever looks like one. */
export interface CommandExecutor {
  execute<Reply>(command: Command<Reply>): Promise<Reply>;
}
