/**
 * What the user of this machine has once, whoever works with it: the folder of state, the CA that signs for everything that is
 * local, files that are not torn, locks, and how processes are told apart from later ones with the same number.
 */
export { projectAuthority } from "./identity/authority.ts";
export { Disk, readIfThere } from "./state/disk.ts";
export { homeFolder } from "./state/home.ts";
export { processIdentity, stillRuns } from "./state/identity.ts";
export { type Failure, LineServer, type SayLine } from "./state/line-server.ts";
export { holderOf, isLock, type Lock, type LockHolder, takeLock } from "./state/lock.ts";
export { Places, socketFolder } from "./state/places.ts";
export { prepareSockets, Store } from "./state/store.ts";
