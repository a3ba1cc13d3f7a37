import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join, posix } from "node:path";
import { folderTables, packageTable, sharedIndexes } from "./floors.ts";
import { type Reference, references } from "./module.ts";
import type { Outcome } from "./outcome.ts";
import { filesBelow, type Workspace, workspaces } from "./tree.ts";

/**
 * Holds every import of every workspace to the tables of `floors.ts`, and to what its `package.json` declares: the
 * compiler finds an undeclared workspace in `node_modules` and says nothing.
 *
 * @param root of the repository, or of a tree shaped like it
 */
export function checkLayers(root: string): Outcome {
  const all = workspaces(root);
  const rootDependencies = declaredAtRoot(root);
  const problems: string[] = [];
  let looked = 0;
  for (const workspace of all) {
    for (const file of filesBelow(root, workspace.folder, [".ts", ".tsx"])) {
      const importer = { workspace, file, isSource: file.startsWith(`${workspace.folder}/src/`) };
      for (const reference of references(file, readFileSync(join(root, file), "utf8"))) {
        looked++;
        const problem = reference.specifier.startsWith(".")
          ? judgeRelative(importer, reference)
          : judgeNamed(importer, reference, all, rootDependencies);
        if (problem !== null) problems.push(`${file}:${reference.line} ${problem}`);
      }
    }
  }
  return { looked, unit: "imports", problems };
}

interface Importer {
  readonly workspace: Workspace;
  readonly file: string;
  /** Whether it is shipped; else it is a test. */
  readonly isSource: boolean;
}

/** @returns what is wrong, or `null` */
function judgeRelative({ workspace, file, isSource }: Importer, { specifier }: Reference): string | null {
  const target = posix.join(posix.dirname(file), specifier);
  if (!target.startsWith(`${workspace.folder}/`)) {
    return `imports ${specifier}, which leaves ${workspace.folder}: import the package by its name`;
  }
  if (!isSource) return null;
  if (!target.startsWith(`${workspace.folder}/src/`)) return `imports ${specifier}, which is not in src`;
  const face = `${workspace.folder}/src/index.ts`;
  if (posix.basename(target) === "index.ts" && file !== face && !sharedIndexes.has(target)) {
    return `imports an index.ts from inside its package: import ${posix.dirname(specifier)}/<file>.ts`;
  }
  const table = folderTables[posix.basename(workspace.folder)];
  if (table === undefined) return null;
  const [from, to] = [folderOf(workspace, file), folderOf(workspace, target)];
  const allowed = table[from];
  if (allowed === undefined)
    return `lives in ${from}, which tools/src/floors.ts does not know: give it a floor`;
  if (from === to || allowed.includes(to)) return null;
  return `${from} may not import ${to} (${specifier}); it may import ${list(allowed)}`;
}

/** The folder directly below `src`, or the name of a file that lies there. */
function folderOf(workspace: Workspace, file: string): string {
  const [first = ""] = file.slice(`${workspace.folder}/src/`.length).split("/");
  return first.replace(/\.tsx?$/, "");
}

/** @returns what is wrong, or `null` */
function judgeNamed(
  { workspace, isSource }: Importer,
  { specifier }: Reference,
  all: readonly Workspace[],
  rootDependencies: ReadonlySet<string>,
): string | null {
  if (isBuiltin(specifier)) return null;
  const segments = specifier.split("/");
  const name = segments.slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
  const imported = all.find((candidate) => candidate.name === name);
  if (imported !== undefined) return judgeWorkspace(workspace, imported, specifier, isSource);
  const declared =
    workspace.dependencies.has(name) ||
    (!isSource && (workspace.devDependencies.has(name) || rootDependencies.has(name)));
  return declared ? null : `imports ${name}, which ${workspace.folder}/package.json does not declare`;
}

function judgeWorkspace(
  importer: Workspace,
  imported: Workspace,
  specifier: string,
  isSource: boolean,
): string | null {
  if (importer === imported) {
    return isSource ? `imports its own package by name (${specifier}): import the file` : null;
  }
  const [from, to] = [rowOf(importer), rowOf(imported)];
  const access = packageTable[from]?.[to];
  if (access === undefined) return `${from} may not import ${to} (${specifier})`;
  if (access === "tests") return isSource ? `only tests of ${from} may import ${to} (${specifier})` : null;
  if (access === "face" && specifier !== imported.name) {
    return `${from} may import only the face of ${to}, ${imported.name} (not ${specifier})`;
  }
  return importer.dependencies.has(imported.name) ||
    (!isSource && importer.devDependencies.has(imported.name))
    ? null
    : `imports ${imported.name}, which ${importer.folder}/package.json does not declare`;
}

/** The row of the table of packages: all examples share one. */
function rowOf({ folder }: Workspace): string {
  return folder.startsWith("examples/") ? "examples" : posix.basename(folder);
}

/** The tools of the root are there for every test. */
function declaredAtRoot(root: string): ReadonlySet<string> {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    devDependencies?: Record<string, string>;
  };
  return new Set(Object.keys(manifest.devDependencies ?? {}));
}

function list(names: readonly string[]): string {
  return names.length === 0 ? "nothing" : names.join(", ");
}
