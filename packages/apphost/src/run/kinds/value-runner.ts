import type { HasConnectionString } from "../../model/connection.ts";
import type { Resource } from "../../model/resource.ts";
import type { Body, Life, Runner } from "../life/runner.ts";
import { lasting } from "../life/runner.ts";
import type { Workshop } from "./workshop.ts";

/** A connection string that is put together from others' values "runs" when all of them are known. */
export class ValueRunner implements Runner {
  readonly controllable = false;
  readonly knownLate = true;
  readonly #resource: Resource & HasConnectionString;
  readonly #workshop: Workshop;

  constructor(resource: Resource & HasConnectionString, workshop: Workshop) {
    this.#resource = resource;
    this.#workshop = workshop;
  }

  needs(): readonly Resource[] {
    return this.#resource.connectionString().needs;
  }

  async start({ signal, show }: Life): Promise<Body> {
    const string = this.#resource.connectionString();
    const value = await string.resolve({ viewpoint: "host", signal });
    if (value !== undefined) {
      if (string.secret) this.#workshop.masker.add(value);
      show({ properties: { "Connection string": { value, secret: string.secret } } });
    }
    return lasting();
  }
}
