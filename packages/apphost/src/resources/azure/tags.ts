import { known, type Setting } from "./setting.ts";
import type { Finding } from "./violation.ts";

/** Azure's limits of tags: 50 of them, names of 512 characters without `<>%&\?/`, values of 256. */
export function* judgeTags(key: string, tags: Readonly<Record<string, Setting<string>>>): Generator<Finding> {
  const entries = Object.entries(tags);
  if (entries.length > 50)
    yield { key, message: `There are ${entries.length} tags, and Azure takes 50.`, fix: "Take some away." };
  for (const [name, value] of entries) {
    if (name.length > 512 || name === "" || /[<>%&\\?/]/.test(name))
      yield {
        key: `${key}[${JSON.stringify(name)}]`,
        message: "The name of a tag is 1 to 512 characters, without any of <>%&\\?/.",
        fix: "Rename it.",
      };
    if ((known(value)?.length ?? 0) > 256)
      yield {
        key: `${key}[${JSON.stringify(name)}]`,
        message: "The value of a tag has at most 256 characters.",
        fix: "Shorten it.",
      };
  }
}
