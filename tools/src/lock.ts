import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Outcome } from "./outcome.ts";

interface Entry {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly cpu?: readonly string[];
  readonly os?: readonly string[];
  readonly libc?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

interface Lock {
  readonly packages: Readonly<Record<string, Entry>>;
}

/**
 * `package-lock.json` names the optional packages of all platforms, also of those that it was not made on. npm leaves out
 * what its registry did not have at that moment, and then refuses the file in a fresh clone (`npm ci`: "Missing: …").
 *
 * @param root of the repository
 * @param write whether to add what is missing: exact version and platform, without an integrity that nobody here knows
 */
export function checkLock(root: string, write = false): Outcome {
  const path = join(root, "package-lock.json");
  const lock = JSON.parse(readFileSync(path, "utf8")) as Lock;
  const missing: [string, Entry][] = [];
  let looked = 0;
  for (const [owner, { optionalDependencies = {}, dev }] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      looked++;
      if (isLocked(lock, owner, name)) continue;
      missing.push([
        `node_modules/${name}`,
        { version, ...(dev ? { dev } : {}), optional: true, ...platformOf(name) },
      ]);
    }
  }
  if (write && missing.length > 0) {
    const packages = Object.entries(lock.packages).concat(missing);
    const sorted = packages.sort(([a], [b]) => a.localeCompare(b, "en"));
    writeFileSync(path, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`);
    return { looked, unit: "optional packages", problems: [] };
  }
  return {
    looked,
    unit: "optional packages",
    problems: missing.map(([key]) => `package-lock.json lacks ${key}: node tools/dist/check.js lock --write`),
  };
}

/** Node's rule: beside the one that needs it, or in any `node_modules` above. */
function isLocked({ packages }: Lock, owner: string, name: string): boolean {
  for (let folder = owner; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/node_modules/")))) {
    if (`${folder === "" ? "" : `${folder}/`}node_modules/${name}` in packages) return true;
    if (folder === "") return false;
  }
}

const systems = [
  "aix",
  "android",
  "darwin",
  "freebsd",
  "linux",
  "netbsd",
  "openbsd",
  "openharmony",
  "sunos",
  "win32",
];
const processors = ["arm", "arm64", "ia32", "loong64", "ppc64", "riscv64", "s390x", "wasm32", "x64"];

/** Such packages carry their platform in the name: `@biomejs/cli-linux-arm64-musl`. */
function platformOf(name: string): Pick<Entry, "os" | "cpu" | "libc"> {
  const words = name.split(/[/-]/);
  const os = systems.filter((system) => words.includes(system));
  const cpu = processors.filter((processor) => words.includes(processor));
  const libc = words.some((word) => word.startsWith("musl"))
    ? ["musl"]
    : words.some((word) => word.startsWith("gnu"))
      ? ["glibc"]
      : [];
  return {
    ...(cpu.length > 0 ? { cpu } : {}),
    ...(os.length > 0 ? { os } : {}),
    ...(libc.length > 0 ? { libc } : {}),
  };
}
