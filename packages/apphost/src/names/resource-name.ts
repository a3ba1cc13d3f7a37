/** How long a resource's name may be, characters. */
const longest = 64;

/**
 * What is wrong with the name of a resource. Rules of upstream's app model, so that a name that is good here is good in the
 * manifest: 1 to 64 characters, ASCII letters, digits and hyphens, a letter first, no two hyphens together, none at the end.
 * @param kind what is named, for the message: `resource`, `endpoint`
 * @returns one sentence without a full stop, or `null` for a good name
 */
export function judgeName(name: string, kind = "resource"): string | null {
  const what = `the ${kind} name ${JSON.stringify(name)}`;
  if (name.length === 0) return `${what} is empty`;
  if (name.length > longest) return `${what} has ${name.length} characters; ${longest} are allowed`;
  const foreign = /[^A-Za-z0-9-]/u.exec(name);
  if (foreign !== null)
    return `${what} has ${JSON.stringify(foreign[0])} at position ${foreign.index}; only ASCII letters, digits and hyphens are allowed`;
  if (!/^[A-Za-z]/.test(name)) return `${what} must start with a letter`;
  if (name.includes("--")) return `${what} has two hyphens together at position ${name.indexOf("--")}`;
  if (name.endsWith("-")) return `${what} must not end in a hyphen`;
  return null;
}
