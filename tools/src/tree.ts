import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

const skipped = new Set(["node_modules", "dist", "coverage", ".git", ".redoubt"]);

/**
 * All files below a folder whose name ends in one of the endings, sorted. Built and installed ones are left out.
 *
 * @returns paths relative to `root`, with `/`; empty when the folder does not exist
 */
export function filesBelow(root: string, folder: string, endings: readonly string[]): string[] {
  const start = join(root, folder);
  if (!existsSync(start)) return [];
  const found: string[] = [];
  const walk = (directory: string): void => {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      const path = join(directory, entry.name);
      if (entry.isDirectory() && !skipped.has(entry.name)) walk(path);
      else if (entry.isFile() && endings.some((ending) => entry.name.endsWith(ending))) {
        found.push(relative(root, path).split(sep).join("/"));
      }
    }
  };
  walk(start);
  return found.sort();
}

/** A workspace of the repository, as its `package.json` describes it. */
export interface Workspace {
  /** `packages/client`, relative to the root. */
  readonly folder: string;
  /** `@redoubt/client`. */
  readonly name: string;
  /** What `src` may import: dependencies and peers. */
  readonly dependencies: ReadonlySet<string>;
  /** What its tests may import besides. */
  readonly devDependencies: ReadonlySet<string>;
  /** The subpaths of `exports`, each with its `types` file relative to the workspace. */
  readonly subpaths: ReadonlyMap<string, string>;
}

interface Manifest {
  name: string;
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  exports?: Record<string, { types?: string }>;
}

/** All workspaces that are there: `packages/*`, `examples/*`, `drills` and `tools`. */
export function workspaces(root: string): Workspace[] {
  const folders = ["packages", "examples"]
    .filter((parent) => existsSync(join(root, parent)))
    .flatMap((parent) => readdirSync(join(root, parent)).map((name) => `${parent}/${name}`));
  return [...folders, "drills", "tools"]
    .filter((folder) => existsSync(join(root, folder, "package.json")))
    .map((folder) => {
      const manifest = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) as Manifest;
      return {
        folder,
        name: manifest.name,
        dependencies: new Set(Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })),
        devDependencies: new Set(Object.keys(manifest.devDependencies ?? {})),
        subpaths: new Map(
          Object.entries(manifest.exports ?? {}).flatMap(([subpath, { types }]) =>
            types === undefined ? [] : [[subpath, types] as const],
          ),
        ),
      };
    });
}
