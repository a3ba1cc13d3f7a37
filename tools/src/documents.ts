import { existsSync } from "node:fs";
import { join } from "node:path";
import { filesBelow } from "./tree.ts";

/** Markdown that people read: the root's files, `docs/`, and the README of each package and example. */
export function documents(root: string): string[] {
  const atRoot = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"];
  const ofWorkspaces = ["packages", "examples"].flatMap((folder) => filesBelow(root, folder, ["README.md"]));
  return [
    ...atRoot.filter((file) => existsSync(join(root, file))),
    ...filesBelow(root, "docs", [".md"]),
    ...ofWorkspaces,
  ];
}
