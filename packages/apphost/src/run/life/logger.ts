import type { Logger } from "../../model/resource.ts";

/** A logger whose words end in the log of a resource; `debug` is left out. */
export function resourceLogger(say: (text: string) => void): Logger {
  return {
    debug: () => {},
    info: (message) => say(message),
    warn: (message) => say(`warning: ${message}`),
    error: (message) => say(`error: ${message}`),
  };
}
