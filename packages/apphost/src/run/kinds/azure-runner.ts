import { type Body, type Life, lasting, type Runner } from "../life/runner.ts";

/** A resource of Azure that nothing on this machine stands in for: it has values only when it was provisioned. */
export class AzureRunner implements Runner {
  readonly controllable = false;
  readonly knownLate = true;

  async start({ signal, show, say }: Life): Promise<Body> {
    const message = "it is in Azure, and no subscription is configured to provision it";
    say(`${message}: let a Redis of this machine stand in for it with runAsContainer()`);
    show({ state: "Missing subscription configuration", message });
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
    signal.throwIfAborted();
    return lasting();
  }
}
