export { type Speech, speechOf } from "./bytes/first-byte.ts";
export { type Pipe, type PipeEnd, type PipeOptions, type PipeReason, pipe } from "./bytes/pipe.ts";
export { createTunnel, defaultListen, type Tunnel, type TunnelAuth, type TunnelOptions } from "./tunnel.ts";
