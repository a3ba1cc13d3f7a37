import { Command } from "commander";
import { expect, test } from "vitest";
import { commandTree } from "../../../src/completion/tree.ts";
import { oneOf } from "../../../src/usage.ts";

test("the tree is that of the program: commands, options, what comes behind them, places", () => {
  const program = new Command("redoubt");
  const service = program.command("service").description("Services.");
  service
    .command("get <name>")
    .option("--usage <usage>", "which", oneOf("--usage", ["primary", "replica"]))
    .option("-c <key=value>", "an option")
    .option("--target-filepath <file>", "where to")
    .option("-v, --verbose", "more");
  service.command("create <name>");
  service.command("simulate <name> <kind>");
  service.command("wait <name...>");
  const nodes = new Map(
    commandTree(program, { "service simulate kind": ["cut"] }).map((node) => [node.path, node]),
  );
  expect(nodes.get("")?.commands.map(({ name }) => name)).toContain("service");
  expect(nodes.get("service")?.commands.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["get", "create", "simulate", "wait"]),
  );
  const get = nodes.get("service get");
  expect(get?.places).toEqual([{ kind: "service" }]);
  const values = Object.fromEntries(get?.options.map(({ flags, value }) => [flags[0], value]) ?? []);
  expect(values).toMatchObject({
    "--usage": { kind: "words", words: ["primary", "replica"] },
    "-c": { kind: "key" },
    "--target-filepath": { kind: "file" },
    "--verbose": null,
  });
  expect(nodes.get("service create")?.places).toEqual([{ kind: "any" }]);
  expect(nodes.get("service simulate")?.places).toEqual([
    { kind: "service" },
    { kind: "words", words: ["cut"] },
  ]);
  expect(nodes.get("service wait")?.variadic).toBe(true);
});
