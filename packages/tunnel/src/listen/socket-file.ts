import { chmod, lstat, unlink } from "node:fs/promises";
import { connect } from "node:net";

/** Only this user connects. A tunnel's socket is as good as the password behind it. */
const ownerOnly = 0o600;

/** Gives the file of a Unix socket its mode. Default: only this user may connect. */
export function protect(path: string, mode = ownerOnly): Promise<void> {
  return chmod(path, mode);
}

/** Removes the file of a Unix socket that nobody listens on, as a program leaves it that was killed. Says whether it did. */
export async function removeStale(path: string): Promise<boolean> {
  const file = await lstat(path).catch(() => null);
  if (file === null || !file.isSocket() || !(await isRefused(path))) return false;
  await unlink(path);
  return true;
}

function isRefused(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path });
    socket.once("connect", () => resolve(false));
    socket.once("error", ({ code }: NodeJS.ErrnoException) => resolve(code === "ECONNREFUSED"));
    socket.once("close", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}
