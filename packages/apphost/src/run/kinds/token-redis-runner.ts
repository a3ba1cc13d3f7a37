import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { RedisResource } from "../../resources/redis.ts";
import type { SimulatedIdentity } from "../../resources/simulated-identity.ts";
import { type Body, type Life, lasting, type Runner } from "../life/runner.ts";
import { urlsOf } from "./urls.ts";
import type { Workshop } from "./workshop.ts";

/**
 * Runs a Redis into which programs get with tokens only: a service of this machine with an issuer of tokens before it. The service
 * ends with the app, and its data with it; one that an app left behind that was killed is taken up by the next.
 */
export class TokenRedisRunner implements Runner {
  readonly knownLate = true;
  readonly #redis: RedisResource;
  readonly #identity: SimulatedIdentity;
  readonly #workshop: Workshop;

  constructor(redis: RedisResource, identity: SimulatedIdentity, workshop: Workshop) {
    this.#redis = redis;
    this.#identity = identity;
    this.#workshop = workshop;
  }

  async start({ signal, say, show }: Life): Promise<Body> {
    const { app, masker } = this.#workshop;
    // Many apps have none of these, and would load it for nothing.
    const { openServices } = await import("@redoubt/services");
    const services = openServices({ home: dirname(dirname(app.stateFolder)) });
    const service = `app-${app.identity.slice(0, 10)}-${this.#redis.name}`.toLowerCase().slice(0, 64);
    await services.create(service, { orExisting: true }, { signal });
    const { facts } = await services.simulate(service, "token-issuer", {
      lifetime: `${this.#identity.lifetime / 1000}s`,
    });
    const header = /^IDENTITY_HEADER='(.*)'$/m.exec(await readFile(String(facts["environmentFile"]), "utf8"));
    if (header?.[1] === undefined) throw new Error("the issuer of tokens does not say its header");
    masker.add(header[1]);
    this.#redis.authority.set(String(facts["caFile"]));
    this.#redis.primary.allocated.set({
      host: "localhost",
      port: Number(new URL(String(facts["uri"])).port),
    });
    this.#identity.endpoint.set(String(facts["identityEndpoint"]));
    this.#identity.header.set(header[1]);
    say(
      `programs log in with tokens that live ${this.#identity.lifetime / 1000} s, as ${String(facts["objectId"])}`,
    );
    show({
      urls: await urlsOf(this.#redis, signal),
      properties: { Service: { value: service, secret: false } },
    });
    let ending: Promise<void> | null = null;
    const end = (): Promise<void> =>
      services.terminate(service).catch((error: Error) => {
        // The next start of the app takes it up.
        say(`the service ${service} could not be ended: ${error.message}`);
      });
    return lasting(async () => {
      for (const late of [this.#redis.primary.allocated, this.#identity.endpoint, this.#identity.header])
        late.reset();
      // Whoever is stopped may be killed, too.
      ending ??= end();
      await ending;
    });
  }
}
