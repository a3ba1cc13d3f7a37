import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Ended, runProgram } from "./program.ts";
import { root } from "./workbench.ts";

/** What a `package.json` says that a consumer of the package feels. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  readonly license?: string;
  readonly keywords?: readonly string[];
  readonly engines?: { readonly node?: string };
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** A package as npm would publish it. */
export interface Packed {
  readonly manifest: Manifest;
  /** Path of the tarball. */
  readonly tarball: string;
  /** Bytes of the tarball. */
  readonly size: number;
  /** Paths in the tarball, relative to the package. */
  readonly files: readonly string[];
}

/** What `npm pack --json` says. */
interface Report {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

/**
 * A project outside the repository that uses the packed packages: their files as `npm pack` gives them, and of other
 * packages only those that they declare as dependencies. What they reach without declaring it is not found here.
 */
export class Consumer implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), "redoubt-consumer-"));

  constructor() {
    this.write("package.json", JSON.stringify({ name: "consumer", private: true, type: "module" }));
  }

  /** Runs a program in the project, for at most 110 s. */
  run(file: string, args: readonly string[]): Promise<Ended> {
    const env = { PATH: process.env["PATH"] ?? "", HOME: this.folder, NO_COLOR: "1" };
    return runProgram(file, args, { cwd: this.folder, env, timeout: 110_000 });
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  /** Packs the package in a folder of the repository, `packages/client`. */
  async pack(folder: string): Promise<Packed> {
    const { code, output, stdout } = await this.run("npm", [
      "pack",
      join(root, folder),
      "--json",
      "--loglevel=error",
    ]);
    if (code !== 0) throw new Error(`npm pack ${folder} failed:\n${output}`);
    const [report] = Object.values(JSON.parse(stdout) as Record<string, Report>);
    if (report === undefined) throw new Error(`npm pack ${folder} packed nothing`);
    return {
      manifest: JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) as Manifest,
      tarball: join(this.folder, report.filename),
      size: report.size,
      files: report.files.map(({ path }) => path),
    };
  }

  /** Does what `npm install` does, with dependencies that are installed already: so it needs no registry. */
  async install({ manifest, tarball }: Packed): Promise<void> {
    const place = join(this.folder, "node_modules", manifest.name);
    mkdirSync(place, { recursive: true });
    const { code, output } = await this.run("tar", ["-xzf", tarball, "--strip-components=1", "-C", place]);
    if (code !== 0) throw new Error(`tar failed:\n${output}`);
    for (const name of Object.keys(manifest.dependencies ?? {})) {
      // Two packages may depend on the same one.
      if (!name.startsWith("@redoubt/") && !existsSync(join(this.folder, "node_modules", name)))
        this.link(join("node_modules", name), join(root, "node_modules", name));
    }
    for (const [name, path] of Object.entries(manifest.bin ?? {})) {
      this.link(join("node_modules/.bin", name), join(place, path));
    }
  }

  /** Links something of the repository's `node_modules` into the project. */
  link(path: string, target: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    // Two packages may need the same one.
    if (!existsSync(join(this.folder, path))) symlinkSync(target, join(this.folder, path));
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
