import { readFile, stat } from "node:fs/promises";
import { RedoubtError } from "../errors.ts";
import type { CredentialsProvider, PlainCredentials } from "./provider.ts";
import { RenewedCredentials } from "./renewed-credentials.ts";

/** Options of {@link fileCredentials}. */
export interface FileOptions {
  /** Default: what the file says, else the user `default`. */
  readonly username?: string;
  /** How often the file is looked at, ms. Default 1000. */
  readonly interval?: number;
}

/**
 * Credentials from a file: the password alone (line breaks at its end do not count), or JSON
 * `{"username": "app", "password": "…"}`. It is read for every connection, and open connections log in anew when it
 * changes: what Kubernetes, Docker and Vault agents do with mounted secrets.
 * @param path of the file
 */
export function fileCredentials(path: string, options: FileOptions = {}): CredentialsProvider {
  return new RenewedCredentials(async () => read(path, options), {
    name: `the file ${path}`,
    watch: (changed) => watch(path, options.interval ?? 1000, changed),
  });
}

async function read(path: string, { username }: FileOptions): Promise<PlainCredentials> {
  const text = (await readFile(path, "utf8")).replace(/[\r\n]+$/, "");
  if (!text.startsWith("{")) return { username, password: text };
  const found = parseJson(path, text);
  return { username: username ?? found.username, password: found.password };
}

function parseJson(path: string, text: string): PlainCredentials {
  try {
    return JSON.parse(text) as PlainCredentials;
  } catch {
    // The parser's own message repeats the text.
    throw new RedoubtError("AUTH_PROVIDER_FAILED", `The file ${path} begins with { and is not JSON`);
  }
}

/** Looks by time, not by notification: mounted secrets change by a link that is moved, which `fs.watch` does not see. */
function watch(path: string, interval: number, changed: () => void): () => void {
  let known: string | null = null;
  let looking = false;
  const look = async (): Promise<void> => {
    if (looking) return;
    looking = true;
    const state = await stat(path).then(
      ({ mtimeMs, size, ino }) => `${mtimeMs} ${size} ${ino}`,
      () => known,
    );
    looking = false;
    if (known !== null && state !== known) changed();
    known = state;
  };
  void look();
  const timer = setInterval(() => void look(), interval).unref();
  return () => clearInterval(timer);
}
