import { RedoubtError } from "@redoubt/client";
import { nearestName } from "@redoubt/client/config";
import type { Lab } from "../lab.ts";
import { insideWords, programPath } from "./system.ts";

/** A command line that runs inside a machine of a laboratory. */
export interface InsideCommand {
  readonly file: string;
  readonly words: readonly string[];
  /** What is added to the environment: the connection strings of the caches, and the authority to trust. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * The command line that runs a command on a machine, with its network, its DNS servers and no others.
 *
 * The environment holds `REDIS_URL`, the string of the first cache; `REDIS_URL_NAME` for every one; and the authority's
 * certificate where Node (`NODE_EXTRA_CA_CERTS`) and OpenSSL (`SSL_CERT_FILE`) look for it.
 *
 * @throws RedoubtError `CONFIG_INVALID_VALUE` for a machine that there is not
 */
export function insideLab(lab: Lab, machine: string, words: readonly string[]): InsideCommand {
  const names = lab.machines.map(({ name }) => name);
  if (!names.includes(machine)) {
    const nearest = nearestName(machine, names);
    throw new RedoubtError("CONFIG_INVALID_VALUE", "There is no machine of that name in the laboratory.", {
      hint: `${nearest === null ? "" : `Did you mean "${nearest}"? `}There are: ${names.join(", ")}.`,
    });
  }
  const [first] = lab.strings;
  return {
    file: programPath("ip") ?? "ip",
    words: insideWords(lab.namespaceOf(machine), words),
    environment: {
      NODE_EXTRA_CA_CERTS: lab.caFile,
      SSL_CERT_FILE: lab.caFile,
      ...(first !== undefined && { REDIS_URL: first.text.reveal() }),
      ...Object.fromEntries(
        lab.strings.map(({ cache, text }) => [variableOf(cache), text.reveal()] as const),
      ),
    },
  };
}

/** `REDIS_URL_ORDERS` */
function variableOf(cache: string): string {
  return `REDIS_URL_${cache.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}`;
}
