import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ProvisionEvent } from "../../src/provision/events.ts";
import type { ProvisionOptions } from "../../src/provision/provision.ts";
import { StandIn, type StandInOptions } from "./standin.ts";

/** A stand-in for Azure, and an app with a home of its own. */
export class Stage implements AsyncDisposable {
  readonly azure: StandIn;
  readonly home: string;
  readonly app = randomBytes(32).toString("hex");
  readonly events: ProvisionEvent[] = [];

  private constructor(azure: StandIn, home: string) {
    this.azure = azure;
    this.home = home;
  }

  static async open(options: StandInOptions = {}): Promise<Stage> {
    return new Stage(await StandIn.start(options), await mkdtemp(join(tmpdir(), "redoubt-provision-")));
  }

  get folder(): string {
    return join(this.home, "apps", this.app);
  }

  /** What the app is provisioned with; quick, because the stand-in is. */
  options(
    more: Partial<ProvisionOptions> = {},
    configuration: Readonly<Record<string, string>> = {},
  ): ProvisionOptions {
    return {
      configuration: this.azure.configuration(configuration),
      app: this.app,
      appName: "todos",
      mode: "run",
      stateFolder: this.folder,
      variables: {},
      credential: this.azure.credential,
      ca: this.azure.ca,
      timing: {
        firstRetry: 10,
        longestRetry: 50,
        poll: 10,
        longestPoll: 20,
        operations: 30,
        patience: 5000,
        secret: 5000,
      },
      onEvent: (event) => this.events.push(event),
      ...more,
    };
  }

  /** Events of units, as `cache: Running`. */
  get told(): string[] {
    return this.events.flatMap((event) => (event.kind === "unit" ? [`${event.unit}: ${event.state}`] : []));
  }

  get notes(): string[] {
    return this.events.flatMap((event) => (event.kind === "note" ? [event.message] : []));
  }

  /** Requests as `PUT …`, of one method. */
  asked(method: string): string[] {
    return this.azure.requests.filter((each) => each.method === method).map(({ path }) => path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.azure[Symbol.asyncDispose]();
    await rm(this.home, { recursive: true, force: true });
  }
}
