import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseModule } from "./module.ts";
import type { Outcome } from "./outcome.ts";
import { type Workspace, workspaces } from "./tree.ts";

/**
 * Compares what each package offers with its committed list `surface.txt`, so that no name comes or goes unseen.
 *
 * @param root of the repository; `dist` must be built
 * @param write whether to write the lists instead of complaining
 */
export function checkSurface(root: string, write = false): Outcome {
  const problems: string[] = [];
  let looked = 0;
  for (const workspace of workspaces(root).filter(({ folder }) => folder.startsWith("packages/"))) {
    const lines: string[] = [];
    for (const [subpath, types] of workspace.subpaths) {
      const file = join(root, workspace.folder, types);
      if (!existsSync(file)) {
        problems.push(`${workspace.folder}/package.json offers ${subpath}, and ${types} was not built`);
        continue;
      }
      lines.push(subpathName(workspace, subpath), ...exportedNames(file).map((name) => `  ${name}`));
    }
    looked += lines.filter((line) => line.startsWith(" ")).length;
    const path = join(root, workspace.folder, "surface.txt");
    const text = `${lines.join("\n")}\n`;
    if (write) writeFileSync(path, text);
    else problems.push(...differences(workspace, existsSync(path) ? readFileSync(path, "utf8") : "", text));
  }
  return { looked, unit: "public names", problems };
}

function subpathName({ name }: Workspace, subpath: string): string {
  return `${name}${subpath.slice(1)}`;
}

function differences({ folder }: Workspace, committed: string, actual: string): string[] {
  const [before, after] = [named(committed), named(actual)];
  const lines = [
    ...[...after].filter((name) => !before.has(name)).map((name) => `${folder}: new    ${name}`),
    ...[...before].filter((name) => !after.has(name)).map((name) => `${folder}: gone   ${name}`),
  ];
  return lines.length === 0
    ? []
    : [...lines, `${folder}: if this is meant, run npm run surface and commit ${folder}/surface.txt`];
}

/** `subpath  kind name`, one per public name. */
function named(text: string): Set<string> {
  let subpath = "";
  const found = new Set<string>();
  for (const line of text.split("\n")) {
    if (line.startsWith(" ")) found.add(`${subpath}: ${line.trim()}`);
    else subpath = line;
  }
  return found;
}

/**
 * The names that a declaration file exports, each with its kind, through all re-exports; sorted by name.
 *
 * @param file path of a `.d.ts`
 * @returns for example `class RedoubtError`, `type Target`
 */
export function exportedNames(file: string): string[] {
  return [...kindsOf(file, new Set())]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, kind]) => `${kind} ${name}`);
}

type Kinds = Map<string, string>;

function kindsOf(file: string, seen: ReadonlySet<string>): Kinds {
  if (seen.has(file)) return new Map();
  const within = new Set([...seen, file]);
  const { module, program } = parseModule(file, readFileSync(file, "utf8"));
  const local = declaredKinds(program.body);
  const found: Kinds = new Map();
  for (const { exportName, localName, importName, moduleRequest, isType } of module.staticExports.flatMap(
    ({ entries }) => entries,
  )) {
    const name = exportName.kind === "Default" ? "default" : exportName.name;
    const source = moduleRequest ? declarationFile(file, moduleRequest.value) : null;
    if (name === null) {
      // `export * from` gives no name of its own.
      if (source !== null) for (const [each, kind] of kindsOf(source, within)) found.set(each, kind);
      continue;
    }
    const origin =
      source !== null && importName.name !== null
        ? kindsOf(source, within).get(importName.name)
        : local.get(localName.name ?? name);
    // A re-export with `type` takes away the value.
    const kind = origin ?? (importName.kind === "All" ? "namespace" : "external");
    found.set(name, moduleRequest && isType && kind !== "interface" ? "type" : kind);
  }
  return found;
}

/** `./errors.ts` (or `.js`), as a declaration file writes it, is `./errors.d.ts`; `null` for another package. */
function declarationFile(from: string, specifier: string): string | null {
  return specifier.startsWith(".") ? join(dirname(from), specifier.replace(/\.[jt]s$/, ".d.ts")) : null;
}

const kindOfDeclaration: Readonly<Record<string, string>> = {
  ClassDeclaration: "class",
  TSDeclareFunction: "function",
  FunctionDeclaration: "function",
  TSInterfaceDeclaration: "interface",
  TSTypeAliasDeclaration: "type",
  TSEnumDeclaration: "enum",
  TSModuleDeclaration: "namespace",
};

interface Declaration {
  readonly type: string;
  readonly id?: { readonly name?: string } | null;
  readonly declaration?: Declaration | null;
  readonly declarations?: readonly { readonly id: { readonly name?: string } }[];
}

function declaredKinds(body: readonly unknown[]): Kinds {
  const found: Kinds = new Map();
  for (const statement of body as readonly Declaration[]) {
    const declared = statement.declaration ?? statement;
    const kind = kindOfDeclaration[declared.type];
    if (kind !== undefined && declared.id?.name !== undefined) found.set(declared.id.name, kind);
    for (const { id } of declared.declarations ?? []) if (id.name !== undefined) found.set(id.name, "const");
  }
  return found;
}
