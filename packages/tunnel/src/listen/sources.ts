import { BlockList, isIP } from "node:net";
import { RedoubtError } from "@redoubt/client";
import type { SocketEnd } from "./peer.ts";

/** Addresses that are trusted with something. */
export class TrustedSources {
  readonly #list = new BlockList();
  #unix = false;

  /**
   * @param sources addresses, ranges as `10.0.0.0/8`, or `unix` for whoever comes by a Unix socket
   * @throws RedoubtError `CONFIG_INVALID_VALUE`
   */
  constructor(sources: readonly string[]) {
    for (const source of sources) this.#add(source);
  }

  has({ address }: SocketEnd): boolean {
    if (address === "") return this.#unix;
    return this.#list.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
  }

  #add(source: string): void {
    const [address = "", bits, ...rest] = source.split("/");
    const version = isIP(address);
    const longest = version === 6 ? 128 : 32;
    if (source === "unix") this.#unix = true;
    else if (version === 0 || rest.length > 0 || (bits !== undefined && !isBits(bits, longest)))
      throw new RedoubtError("CONFIG_INVALID_VALUE", `${JSON.stringify(source)} is no address and no range`, {
        hint: "Write an IP address, a range such as 10.0.0.0/8, or unix.",
      });
    else this.#list.addSubnet(address, Number(bits ?? longest), version === 6 ? "ipv6" : "ipv4");
  }
}

function isBits(text: string, longest: number): boolean {
  return /^\d{1,3}$/.test(text) && Number(text) <= longest;
}
