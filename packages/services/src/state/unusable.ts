import { RedoubtError } from "@redoubt/client";

/** What the system says when a folder of state is not ours to use, or has no room. */
const reasons: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "not permitted",
  EROFS: "the file system is read-only",
  ENOTDIR: "something above it is not a folder",
  ENOSPC: "no space is left",
  EDQUOT: "the quota is used up",
  ENAMETOOLONG: "the name is too long",
};

/** A failure of the file system in words, as `SERVICE_STATE`; every other error as it is. */
export function unusable(error: unknown, path: string): unknown {
  const { code, path: found = path } = error as NodeJS.ErrnoException;
  const reason = reasons[code ?? ""];
  if (reason === undefined) return error;
  return new RedoubtError("SERVICE_STATE", `${found} cannot be used: ${reason} (${code})`, {
    cause: error,
    hint: "Make room or give yourself the folder of state, or set REDOUBT_HOME to a folder that is yours.",
  });
}
