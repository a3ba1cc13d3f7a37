import { RedoubtError } from "@redoubt/client";
import type { ProcessSettings } from "./service.ts";

/**
 * Becomes the user and group of `setuid` and `setgid`, groups first: afterwards nothing is left that may change them.
 * @throws RedoubtError `CONFIG_FILE`
 */
export function becomeUser({ uid, gid }: Pick<ProcessSettings, "uid" | "gid">): void {
  if (uid === null && gid === null) return;
  try {
    if (process.getuid?.() === 0) process.setgroups?.(gid === null ? [] : [gid]);
    if (gid !== null) process.setgid?.(gid);
    if (uid !== null) process.setuid?.(uid);
  } catch (cause) {
    throw new RedoubtError("CONFIG_FILE", "setuid or setgid: this user may not become another", {
      cause,
      hint: "Start the tunnel as root, or remove setuid and setgid and start it as that user.",
    });
  }
}
