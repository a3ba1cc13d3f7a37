import type { TokenCredential } from "@redoubt/client";
import type { ConnectionProperty } from "../model/connection.ts";
import { Late } from "../model/late.ts";
import type { Resource } from "../model/resource.ts";
import type { ResolveContext, Value } from "../model/value.ts";

/** The audience of tokens for Redis in Azure. */
const audience = "https://redis.azure.com";

/**
 * An endpoint of this machine that gives tokens as Azure's hosts give them to the programs that they run (App Service's and Container
 * Apps' protocol): programs find it by `IDENTITY_ENDPOINT` and `IDENTITY_HEADER`, as there.
 */
export class SimulatedIdentity {
  /** How long a token lives, ms. */
  readonly lifetime: number;
  /** Known when it runs. */
  readonly endpoint = new Late<string>();
  /** What requests must carry; a secret. */
  readonly header = new Late<string>();
  readonly #owner: Resource;

  constructor(owner: Resource, lifetime: number) {
    this.#owner = owner;
    this.lifetime = lifetime;
  }

  /** What programs are told. */
  variables(): readonly ConnectionProperty[] {
    return [
      ["IDENTITY_ENDPOINT", this.#value(this.endpoint, false)],
      ["IDENTITY_HEADER", this.#value(this.header, true)],
    ];
  }

  /** Gets tokens as programs do. */
  credential(): TokenCredential {
    return {
      getToken: async (_scopes, { abortSignal } = {}) => {
        const url = `${await this.endpoint.get()}?resource=${audience}&api-version=2019-08-01`;
        const headers = { "X-IDENTITY-HEADER": await this.header.get() };
        const answer = await fetch(url, {
          headers,
          ...(abortSignal !== undefined && { signal: abortSignal }),
        });
        const { access_token: token, expires_on: seconds } = (await answer.json()) as Record<string, unknown>;
        if (typeof token !== "string") throw new Error(`the token endpoint answered ${answer.status}`);
        return { token, expiresOnTimestamp: Number(seconds) * 1000 };
      },
    };
  }

  #value(late: Late<string>, secret: boolean): Value {
    return {
      published: "",
      secret,
      needs: [this.#owner],
      resolve: ({ signal }: ResolveContext) => late.get(signal),
    };
  }
}
