import type { TypedReply } from "@redoubt/client/protocol";
import { toText } from "../line/bytes.ts";
import { pairs } from "../reply/raw.ts";
import { elementsOf, plainText } from "../reply/text.ts";

/** What is known of a command. */
export interface CommandDoc {
  /** Upper case, words separated by one blank. */
  readonly name: string;
  /** `key value [NX|XX]` … */
  readonly syntax: string;
  readonly summary: string;
  /** Version that brought it. */
  readonly since: string;
  /** Of the server's documentation: `string`, `sorted-set` … */
  readonly group: string;
}

/** An answer as a table: of RESP3 a map, of RESP2 names and values in turn. */
function tableOf(reply: TypedReply | undefined): ReadonlyMap<string, TypedReply> {
  return new Map(pairs(elementsOf(reply)).map(([key, value]) => [plainText(key) ?? "", value]));
}

const textOf = (reply: TypedReply | undefined): string => toText(plainText(reply) ?? "");

/** Reads the answer to COMMAND DOCS; subcommands are commands of two words, and what contains them one without syntax. In order of their names. */
export function docsFrom(reply: TypedReply): CommandDoc[] {
  const docs: CommandDoc[] = [];
  for (const [key, value] of pairs(elementsOf(reply))) addDoc(docs, textOf(key).toUpperCase(), value);
  return docs.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function addDoc(docs: CommandDoc[], name: string, reply: TypedReply): void {
  const table = tableOf(reply);
  const subcommands = pairs(elementsOf(table.get("subcommands")));
  for (const [key, value] of subcommands) addDoc(docs, textOf(key).toUpperCase().replace("|", " "), value);
  docs.push({
    name,
    syntax: syntaxOf(elementsOf(table.get("arguments"))),
    summary: textOf(table.get("summary")),
    since: textOf(table.get("since")),
    group: textOf(table.get("group")),
  });
}

function syntaxOf(args: readonly TypedReply[], separator = " "): string {
  return args.map(argumentText).join(separator);
}

/** One argument in the way of Redis's documentation: `[x]` may be left out, `a|b` is a choice, `x [x ...]` may be repeated. */
function argumentText(reply: TypedReply): string {
  const table = tableOf(reply);
  const flags = elementsOf(table.get("flags")).map(textOf);
  const type = textOf(table.get("type"));
  const token = table.has("token") ? textOf(table.get("token")) || '""' : null;
  const inner = elementsOf(table.get("arguments"));
  const own =
    type === "oneof"
      ? syntaxOf(inner, "|")
      : type === "block"
        ? syntaxOf(inner)
        : type === "pure-token"
          ? ""
          : textOf(table.get("display_text")) || textOf(table.get("name"));
  const repeats = flags.includes("multiple");
  const withToken = [token, own].filter((part) => part !== null && part !== "").join(" ");
  let text = withToken;
  if (repeats) {
    const again = flags.includes("multiple_token") ? withToken : own;
    text = `${withToken} [${again} ...]`;
  }
  return flags.includes("optional") ? `[${text}]` : text;
}
