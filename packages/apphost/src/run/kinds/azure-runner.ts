import type { AzureResource } from "../../resources/azure/azure-resource.ts";
import { type AzureAccount, saysNowhere } from "../azure/azure-account.ts";
import { type Body, type Life, lasting, type Runner } from "../life/runner.ts";

/** A resource of Azure that nothing on this machine stands in for: it is provisioned, and stays when the app ends. */
export class AzureRunner implements Runner {
  readonly controllable = false;
  readonly knownLate = true;
  readonly #resource: AzureResource;
  readonly #account: AzureAccount;

  constructor(resource: AzureResource, account: AzureAccount) {
    this.#resource = resource;
    this.#account = account;
  }

  async start(life: Life): Promise<Body> {
    try {
      await Promise.race([this.#bring(life), aborted(life.signal)]);
    } catch (error) {
      if (!saysNowhere(error)) throw error;
      await this.#explain(life, error as Error);
    }
    life.signal.throwIfAborted();
    return lasting();
  }

  #bring({ show, say }: Life): Promise<void> {
    return this.#account.bring(
      this.#resource,
      ({ state, message, portal, operations = [] }) => {
        // Running is what the engine says itself, when it is.
        if (state === "Running") return;
        show({
          state,
          ...(message !== undefined && { message }),
          ...(portal !== undefined && { urls: [{ name: "deployment", url: portal }] }),
        });
        say(
          [
            state,
            ...(message === undefined ? [] : [message]),
            ...(portal === undefined ? [] : [portal]),
          ].join(": "),
        );
        for (const { type, name, state: its } of operations) say(`${type} ${name}: ${its}`);
      },
      say,
    );
  }

  /** It waits: nothing here can go on, and everything else can. */
  async #explain({ signal, show, say }: Life, { message: missing }: Error): Promise<void> {
    const message = `it is in Azure, and no subscription is configured to provision it: ${missing}`;
    say(`${message}; or let a Redis of this machine stand in for it with runAsContainer()`);
    show({ state: "Missing subscription configuration", message });
    await aborted(signal);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
