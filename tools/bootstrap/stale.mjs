import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

/**
 * Removes what the compiler wrote for sources that are gone. It never does so itself, and packages are published from
 * `dist`, where such a file could still be imported.
 *
 * @param {string} root of the repository
 */
export function removeStaleOutputs(root) {
  for (const parent of ["packages", "examples", "."].filter((name) => existsSync(join(root, name)))) {
    for (const name of readdirSync(join(root, parent))) {
      const [sources, outputs] = [join(root, parent, name, "src"), join(root, parent, name, "dist")];
      if (!existsSync(sources) || !existsSync(outputs)) continue;
      for (const file of readdirSync(outputs, { recursive: true, encoding: "utf8" })) {
        const [, stem] = /^(.*?)\.(?:js|d\.ts)(?:\.map)?$/.exec(file) ?? [];
        if (stem !== undefined && !isWritten(join(sources, stem), file)) rmSync(join(outputs, file));
      }
    }
  }
}

/**
 * Whether the compiler writes this file today: there is a source, and maps are switched off.
 *
 * @param {string} stem path of the source without its ending
 * @param {string} file
 */
function isWritten(stem, file) {
  return existsSync(`${stem}.ts`) && !file.endsWith(".map");
}
