import { dirname } from "node:path";
import type { Authority, IssuedCertificate } from "@redoubt/server";
import { Disk, projectAuthority, readIfThere, Store } from "@redoubt/services/machine";
import type { AppPlaces } from "./places.ts";

/** How long a certificate is valid, ms. It is made anew at each start. */
const lifetime = 365 * 86_400_000;

/** What is trusted on this machine: the project's CA, which services have, too. */
export class Trust {
  readonly #places: AppPlaces;
  readonly #store: Store;
  readonly #disk = new Disk();
  #opening: Promise<Authority> | undefined;

  constructor(places: AppPlaces) {
    this.#places = places;
    this.#store = new Store(places.home);
  }

  /** The certificate of the CA, PEM. It is there when {@link Trust.authority} has resolved. */
  get caFile(): string {
    return this.#store.places.caFile;
  }

  /** The CA; made where there is none yet. */
  authority(): Promise<Authority> {
    this.#opening ??= this.#store.prepare().then(() => projectAuthority(this.#store));
    return this.#opening;
  }

  /** A certificate for a server on this machine. @param name of the resource */
  async issue(name: string): Promise<IssuedCertificate> {
    const authority = await this.authority();
    return authority.issue({
      names: ["localhost", `${name}.localhost`, name, ...hostNames, "127.0.0.1", "::1"],
      commonName: name,
      notAfter: new Date(Date.now() + lifetime),
    });
  }

  /**
   * One file with several authorities, for programs that take only one: `NODE_EXTRA_CA_CERTS`.
   * @param files PEM; one that is not there is left out, as Node does
   * @returns the file itself where there is only one
   */
  async bundle(resource: string, files: readonly string[]): Promise<string | null> {
    const wanted = [...new Set(files)];
    const texts = await Promise.all(wanted.map((file) => readIfThere(file).catch(() => null)));
    const there = wanted.filter((_, index) => texts[index] !== null);
    if (there.length <= 1) return there[0] ?? null;
    const path = this.#places.trust(resource);
    await this.#disk.folder(dirname(path));
    await this.#disk.write(path, texts.map((text) => (text === null ? "" : `${text.trimEnd()}\n`)).join(""));
    return path;
  }
}

/** Names by which containers call the machine that runs them. */
export const hostNames: readonly string[] = ["host.docker.internal", "host.containers.internal"];
