import { RedoubtError } from "@redoubt/client";
import { ArmClient, type ArmClientOptions } from "./arm-client.ts";
import { isFault } from "./arm-error.ts";
import type { Cloud } from "./cloud.ts";
import { pause } from "./timing.ts";

/** Version of the REST interface of secrets. */
const version = "7.4";
/** The first wait for a role that was just assigned, ms; it grows by half. */
const firstWait = 2000;

/** Reads secrets of vaults. */
export class Vaults {
  readonly #options: Omit<ArmClientOptions, "endpoint" | "scope">;
  readonly #cloud: Cloud;
  readonly #onWait: (message: string) => void;

  constructor(
    options: Omit<ArmClientOptions, "endpoint" | "scope">,
    cloud: Cloud,
    onWait: (message: string) => void,
  ) {
    this.#options = options;
    this.#cloud = cloud;
    this.#onWait = onWait;
  }

  /**
   * Reads a secret. A role that was assigned a moment ago takes minutes to be known at the vault, and so may the secret itself:
   * 403 and 404 are asked again until `timing.secret` is over.
   *
   * @param vaultUri `https://NAME.vault.azure.net/`: of this cloud, because a token goes there
   * @throws ArmError what the vault answers to the last try
   */
  async read(vaultUri: string, name: string, signal: AbortSignal): Promise<string> {
    const endpoint = this.#endpoint(vaultUri);
    const client = new ArmClient({ ...this.#options, endpoint, scope: this.#cloud.vaultScope });
    const end = performance.now() + this.#options.timing.secret;
    const most = this.#options.timing.longestPoll;
    for (let wait = Math.min(firstWait, most); ; wait = Math.min(wait * 1.5, most)) {
      try {
        const { body } = await client.request({
          method: "GET",
          path: `/secrets/${encodeURIComponent(name)}`,
          version,
          what: `Reading the secret ${name}`,
          signal,
        });
        const { value } = (body ?? {}) as { value?: unknown };
        if (typeof value !== "string")
          throw new RedoubtError("APP_DEPLOY", `The vault gives no value for the secret ${name}`);
        this.#options.redaction.hide(value);
        return value;
      } catch (error) {
        if (!isFault(error, 403, 404) || performance.now() + wait > end) throw error;
        this.#onWait(
          `The secret ${name} cannot be read yet (${error.fault}): a role takes minutes to be known`,
        );
        await pause(wait, signal);
      }
    }
  }

  #endpoint(vaultUri: string): string {
    const { vaultSuffix } = this.#cloud;
    let url: URL;
    try {
      url = new URL(vaultUri);
    } catch {
      throw new RedoubtError("APP_DEPLOY", "The output vaultUri of the vault is no address");
    }
    const isVault = url.hostname === vaultSuffix || url.hostname.endsWith(`.${vaultSuffix}`);
    if (url.protocol === "https:" && isVault) return url.origin;
    throw new RedoubtError(
      "APP_DEPLOY",
      `${url.origin} is no vault of ${this.#cloud.name}, and a token does not go there`,
      {
        hint: `Vaults of this cloud are https://NAME.${vaultSuffix}/.`,
      },
    );
  }
}
