import type { Command } from "commander";
import { exitCodes } from "../../exit-codes.ts";
import type { Invocation } from "../../invocation.ts";
import { openHome } from "../../service/face.ts";
import { readTags, repeated } from "../../service/flags.ts";
import { addTableFlags, printItems, type TableFlags } from "../../service/table.ts";

type Tags = Readonly<Record<string, string>>;

/** Adds `redoubt service tags list`, `tags update` and `tags replace`. */
export function addServiceTags(service: Command, invocation: Invocation): void {
  const print = (tags: Tags, { json, ...flags }: TableFlags): void => {
    if (json) invocation.output.json(tags);
    else {
      const items = Object.entries(tags).map(([key, value]) => ({ key, value }));
      printItems(items, ["key", "value"], flags, invocation.output);
    }
    invocation.exitCode = exitCodes.ok;
  };
  const tags = service
    .command("tags")
    .description("List, change or replace the tags of a service.")
    .helpCommand(false);
  addTableFlags(tags.command("list <name>").description("List tags.")).action(
    async (name: string, flags: TableFlags) => print(await (await openHome(invocation)).tags(name), flags),
  );
  const update = tags
    .command("update <name>")
    .description("Set and remove tags; the others stay.")
    .option("--add-tag <key=value>", "as often as wanted", repeated, [])
    .option("--remove-tag <key>", "as often as wanted", repeated, []);
  addTableFlags(update).action(
    async (name: string, flags: TableFlags & { readonly addTag: string[]; readonly removeTag: string[] }) => {
      const removed = Object.fromEntries(flags.removeTag.map((key) => [key, null]));
      const services = await openHome(invocation);
      print(await services.tagsUpdate(name, { ...removed, ...readTags("--add-tag", flags.addTag) }), flags);
    },
  );
  const replace = tags
    .command("replace <name>")
    .description("Set these tags and no others.")
    .option("--tag <key=value>", "as often as wanted", repeated, []);
  addTableFlags(replace).action(async (name: string, flags: TableFlags & { readonly tag: string[] }) => {
    const services = await openHome(invocation);
    print(await services.tagsReplace(name, readTags("--tag", flags.tag)), flags);
  });
}
