import { readFileSync } from "node:fs";
import { RedoubtError } from "@redoubt/client";
import { helpText } from "../hints/help.ts";
import { loadDocs } from "../hints/load.ts";
import { toByteText } from "../line/bytes.ts";
import { unquote } from "../line/split.ts";
import { issue } from "./issue.ts";
import type { Scene } from "./scene.ts";

/** Exit code for an error reply under -e. */
const failure = 1;

/** Sends the command of the command line. @returns the exit code */
export async function runCommand(scene: Scene): Promise<number> {
  const words = await wordsOf(scene);
  const [first = ""] = words;
  if (first.toLowerCase() === "help" || first === "?") {
    const docs = await loadDocs(scene.session);
    await scene.out.write(toByteText(helpText(docs, words.slice(1), scene.world.version)));
    return 0;
  }
  return (await issue(scene, words, scene.settings.repeat)) ? failure : 0;
}

/** Runs the script of --eval: keys, a comma, arguments. @returns the exit code */
export async function runScript(scene: Scene): Promise<number> {
  const { settings } = scene;
  const words = await wordsOf(scene);
  const comma = words.indexOf(",");
  const keys = comma < 0 ? words : words.slice(0, comma);
  const args = comma < 0 ? [] : words.slice(comma + 1);
  const call = ["EVAL", scriptIn(settings.file ?? ""), String(keys.length), ...keys, ...args];
  return (await issue(scene, call, settings.repeat)) ? failure : 0;
}

function scriptIn(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch (cause) {
    throw new RedoubtError(
      "CONFIG_FILE",
      `The script cannot be read (${(cause as NodeJS.ErrnoException).code}).`,
      {
        cause,
      },
    );
  }
}

/** Arguments as byte text; stdin put in its place. */
async function wordsOf({ settings, world }: Scene): Promise<string[]> {
  const { quotedInput, lastFromStdin, stdinTag } = settings;
  let words = settings.words.map(toByteText);
  if (quotedInput)
    words = words.map((word) => {
      const text = unquote(word);
      if (text === null)
        throw new RedoubtError("CONFIG_SYNTAX", "Invalid quoted string", {
          hint: 'With --quoted-input every argument is one word, or "quoted".',
        });
      return text;
    });
  if (lastFromStdin) return [...words, await readAll(world.stdin)];
  if (stdinTag === undefined) return words;
  const tag = toByteText(stdinTag);
  if (!words.includes(tag))
    throw new RedoubtError("CONFIG_MISSING", "-X names a tag that is none of the arguments.");
  const text = await readAll(world.stdin);
  let isReplaced = false;
  return words.map((word) => {
    if (isReplaced || word !== tag) return word;
    isReplaced = true;
    return text;
  });
}

async function readAll(stdin: NodeJS.ReadStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk as Buffer));
  return Buffer.concat(chunks).toString("latin1");
}
