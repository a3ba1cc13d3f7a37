import { createPrivateKey } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "../../../src/config/parse.ts";
import type { TlsSettings } from "../../../src/config/target.ts";

/** What `rediss://cache.example:6380` says about TLS, with changes. */
export function settings(changes: Partial<TlsSettings> = {}): TlsSettings {
  return { ...parse("rediss://cache.example:6380").tls, servername: null, ...changes };
}

/** A private key, encrypted. */
export function encrypted(key: string, passphrase: string): string {
  return createPrivateKey(key).export({
    type: "pkcs8",
    format: "pem",
    cipher: "aes-256-cbc",
    passphrase,
  }) as string;
}

/** A folder for files, away at the end. */
export class Folder implements AsyncDisposable {
  readonly path: string;

  static async create(): Promise<Folder> {
    return new Folder(await mkdtemp(join(tmpdir(), "redoubt-tls-")));
  }

  private constructor(path: string) {
    this.path = path;
  }

  async write(name: string, content: string | Buffer): Promise<string> {
    const path = join(this.path, name);
    await writeFile(path, content, { mode: 0o600 });
    return path;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return rm(this.path, { recursive: true });
  }
}
