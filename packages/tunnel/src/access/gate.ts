import { createHash, timingSafeEqual } from "node:crypto";
import { Secret } from "@redoubt/client";

/** Names of local users and their passwords. The user of `AUTH password` is `default`, as in Redis. */
export type LocalUsers = Readonly<Record<string, string | Secret>>;

/** Lets local programs in that know a password. It has nothing to do with the credentials on the other side. */
export class Gate {
  readonly #digests = new Map<string, Buffer>();

  constructor(users: LocalUsers) {
    for (const [name, password] of Object.entries(users))
      this.#digests.set(name, digest(password instanceof Secret ? password.reveal() : password));
  }

  /** Whether user and password belong together; takes as long for a wrong one as for a right one. */
  admits(user: string, password: string): boolean {
    const known = this.#digests.get(user);
    const given = digest(password);
    return timingSafeEqual(known ?? given, given) && known !== undefined;
  }
}

function digest(password: string): Buffer {
  return createHash("sha256").update(password).digest();
}
