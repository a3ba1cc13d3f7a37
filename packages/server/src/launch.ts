/**
 * What starting a server is made of, for those who keep servers themselves: the program, free ports, the configuration
 * file.
 */
export { findBinary } from "./server/binary.ts";
export { type Directive, formatConfig, quote } from "./server/config.ts";
export { GuardShell } from "./server/guard-shell.ts";
export { madeUpPassword } from "./server/options.ts";
export { freePorts } from "./server/ports.ts";
