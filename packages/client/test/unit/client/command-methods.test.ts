import { type Command, createClient } from "@redoubt/client";
import { expect, test } from "vitest";
import { CommandSurface } from "../../../src/client/command-methods.ts";
import * as commands from "../../../src/commands/index.ts";

class Recorder extends CommandSurface {
  readonly seen: Command<unknown>[] = [];
  execute<Reply>(command: Command<Reply>): Promise<Reply> {
    this.seen.push(command as Command<unknown>);
    return Promise.resolve(null as Reply);
  }
}

test("every command is a method under both of its names", () => {
  const names = Object.keys(commands);
  expect(names.length).toBeGreaterThan(250);
  const surface = new Recorder() as unknown as Record<string, unknown>;
  for (const name of names) expect(typeof surface[name], name).toBe("function");
  expect(surface["HGETALL"]).toBe(surface["hGetAll"]);
  expect(surface["CLIENT_SETNAME"]).toBe(surface["clientSetName"]);
});

test("no command hides a member of the client", () => {
  const client = createClient();
  const own = new Set(Object.getOwnPropertyNames(Object.getPrototypeOf(client)));
  expect(Object.keys(commands).filter((name) => own.has(name))).toEqual([]);
});

test("bad arguments reject, they do not throw at the call", async () => {
  const surface = new Recorder() as unknown as { del(keys: unknown): Promise<unknown> };
  await expect(surface.del([])).rejects.toMatchObject({ code: "CONFIG_INVALID_VALUE" });
});
