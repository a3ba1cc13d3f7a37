import type { Endpoint } from "@redoubt/client/config";
import type { TypedReply } from "@redoubt/client/protocol";
import { errorText } from "../reply/text.ts";

/** Where a node of a cluster sends a command. */
export interface Redirection {
  readonly slot: number;
  readonly endpoint: Endpoint;
  /** Whether it is for this one command, which ASKING announces. */
  readonly asking: boolean;
}

/**
 * Reads `MOVED 3999 10.0.0.5:6381` and `ASK …`; null for every other reply. A node without a name is one of the host that
 * answered.
 */
export function redirectionFrom(reply: TypedReply, host: string): Redirection | null {
  const found = /^(MOVED|ASK) (\d+) (.*):(\d+)$/.exec(errorText(reply)?.trim() ?? "");
  if (found === null) return null;
  const [, kind, slot, node, port] = found;
  const endpoint = {
    host: node === "" || node === "?" || node === undefined ? host : node,
    port: Number(port),
  };
  return { slot: Number(slot), endpoint, asking: kind === "ASK" };
}
