import { type Alias, alias } from "../commands/aliases.ts";
import type { Command, RedisArgument, ReplyOf } from "../commands/command.ts";
import * as commands from "../commands/index.ts";
import { raw } from "../commands/raw.ts";
import type { WithBuffers } from "./type-mapping.ts";

type Functions = typeof commands;

/** Every command as a method, under both of its names: `hGetAll` and `HGETALL`. */
export type CommandMethods = {
  [Name in keyof Functions]: (...args: Parameters<Functions[Name]>) => Promise<ReplyOf<Functions[Name]>>;
} & {
  [Name in keyof Functions as Alias<Name>]: (
    ...args: Parameters<Functions[Name]>
  ) => Promise<ReplyOf<Functions[Name]>>;
};

/** {@link CommandMethods} with Buffers in place of strings in the replies. */
export type BufferCommandMethods = {
  [Name in keyof CommandMethods]: (
    ...args: Parameters<CommandMethods[Name]>
  ) => Promise<WithBuffers<Awaited<ReturnType<CommandMethods[Name]>>>>;
};

/** A method for every command, over whatever carries commands out: a client, a view of it with other options. */
export abstract class CommandSurface {
  /** Carries out one command. */
  abstract execute<Reply>(command: Command<Reply>): Promise<Reply>;

  /**
   * Sends any command as words, for example `["OBJECT", "ENCODING", "key"]`. The reply is given as it comes.
   */
  sendCommand<Reply = unknown>(words: readonly RedisArgument[]): Promise<Reply> {
    return attempt(this, () => raw(words)) as Promise<Reply>;
  }
}

/** Bad arguments reject like any other failure of a command, rather than throwing at the call. */
function attempt<Reply>(surface: CommandSurface, make: () => Command<Reply>): Promise<Reply> {
  let command: Command<Reply>;
  try {
    command = make();
  } catch (error) {
    return Promise.reject(error as Error);
  }
  return surface.execute(command);
}

type Method = (this: CommandSurface, ...args: unknown[]) => Promise<unknown>;

for (const [name, make] of Object.entries(commands) as [
  keyof Functions,
  (...args: unknown[]) => Command<unknown>,
][]) {
  const method: Method = function (...args) {
    return attempt(this, () => make(...args));
  };
  Object.defineProperty(method, "name", { value: name });
  for (const key of [name, alias(name)]) {
    Object.defineProperty(CommandSurface.prototype, key, {
      value: method,
      writable: true,
      configurable: true,
    });
  }
}
