/** What tunnels are made of, for those who open doors of their own: listening, and relaying to another side. */
export type { Accepted } from "./listen/accepted.ts";
export { goodbye } from "./listen/goodbye.ts";
export { Listener } from "./listen/listener.ts";
export type { ListenerOptions } from "./listen/listener-options.ts";
export { RelayRole, type RelayRoleOptions } from "./relay/relay-role.ts";
