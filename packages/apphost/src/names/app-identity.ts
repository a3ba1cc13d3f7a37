import { createHash } from "node:crypto";
import { resolve } from "node:path";

/** Who an app is: SHA-256 of the lower-cased path of its file, in lower-case hex (upstream's rule). */
export function appIdentity(file: string): string {
  return createHash("sha256").update(resolve(file).toLowerCase()).digest("hex");
}
