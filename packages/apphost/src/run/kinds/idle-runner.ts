import type { Body, Runner } from "../life/runner.ts";
import { lasting } from "../life/runner.ts";

/** A resource that only stands for something: it is there as soon as what it waits for is. */
export class IdleRunner implements Runner {
  readonly controllable = false;

  start(): Promise<Body> {
    return Promise.resolve(lasting());
  }
}
