import type { ParameterResource } from "../../model/parameter.ts";
import type { Body, Life, Runner } from "../life/runner.ts";
import { lasting } from "../life/runner.ts";
import type { Workshop } from "./workshop.ts";

/** A parameter "runs" when its value is known; until then somebody is to give it. */
export class ParameterRunner implements Runner {
  readonly controllable = false;
  readonly knownLate = true;
  readonly #parameter: ParameterResource;
  readonly #workshop: Workshop;

  constructor(parameter: ParameterResource, workshop: Workshop) {
    this.#parameter = parameter;
    this.#workshop = workshop;
  }

  async start({ signal, show, say }: Life): Promise<Body> {
    const { secret, variable } = this.#parameter;
    const known = this.#parameter.read();
    if (known === undefined) {
      say(`has no value yet: set ${variable} in the environment, or give it one now`);
      show({ state: "ValueMissing", message: `no value: set ${variable}` });
    }
    const value = known ?? (await this.#parameter.resolve({ viewpoint: "host", signal }));
    if (secret) this.#workshop.masker.add(value);
    show({ properties: { Value: { value, secret } } });
    return lasting();
  }
}
