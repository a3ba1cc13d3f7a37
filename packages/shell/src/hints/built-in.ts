import type { CommandDoc } from "./command-doc.ts";
import { table } from "./table.generated.ts";

let read: readonly CommandDoc[] | null = null;

/** The commands of Redis 7.0, for servers that do not tell theirs. */
export function builtInDocs(): readonly CommandDoc[] {
  read ??= table.map((row) => {
    const [name = "", syntax = "", summary = "", since = "", group = ""] = row.split("\t");
    return { name, syntax, summary, since, group };
  });
  return read;
}

/** The table as a module, from what a server says. */
export function tableModule(docs: readonly CommandDoc[]): string {
  const rows = docs.map(({ name, syntax, summary, since, group }) => {
    const text = JSON.stringify([name, syntax, summary, since, group].join("\t"));
    // In the way of the formatter: the quotes that need fewer escapes.
    return text.includes('\\"')
      ? `'${text.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
      : text;
  });
  return `// Written by \`npx vitest run --project integration packages/shell/test/integration/built-in.test.ts -u\`, from COMMAND DOCS of
// Redis 7.0. Of each command: name, syntax, summary, version, group, divided by tabs.
export const table: readonly string[] = [
${rows.map((row) => `  ${row},`).join("\n")}
];
`;
}
