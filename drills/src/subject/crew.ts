import { setTimeout as delay } from "node:timers/promises";
import { type Client, type ClientOptions, type Cluster, createClient } from "@redoubt/client";
import { makeClients, optionsOf } from "./clients.ts";
import { Listener } from "./listener.ts";
import { Load } from "./load.ts";
import type { Account, Plan, Resources, Token } from "./plan.ts";
import { measureResources } from "./resources.ts";

/** How long everything is used before it is measured for the first time, ms. */
const warmUp = 1500;

/** All that works in the process of a drill: clients, workers, listeners. */
export class Crew {
  readonly #options: ClientOptions;
  readonly #clients: readonly (Client | Cluster)[];
  readonly #listeners: readonly Listener[];
  readonly #load: Load;
  #begin: Resources = { memory: 0, descriptors: null };

  private constructor(plan: Plan, token: () => Promise<Token>) {
    this.#options = optionsOf(plan, token);
    this.#clients = makeClients(plan, this.#options);
    this.#listeners = plan.audience
      ? ([2, 3] as const).map((protocol) => new Listener(this.#options, protocol))
      : [];
    this.#load = new Load(plan, this.#clients);
  }

  /** Connects, works for a while, rests, and is measured. */
  static async open(plan: Plan, token: () => Promise<Token>): Promise<Crew> {
    const crew = new Crew(plan, token);
    await Promise.all(crew.#clients.map((client) => client.connect()));
    await Promise.all(crew.#listeners.map((listener) => listener.open()));
    crew.#load.start();
    await delay(warmUp);
    await crew.#load.stop();
    crew.#begin = await measureResources();
    return crew;
  }

  start(): void {
    for (const listener of this.#listeners) listener.begin(this.#load.published);
    this.#load.start();
  }

  markFault(): void {
    this.#load.markFault();
  }

  flows(): Promise<void> {
    return this.#load.flows();
  }

  /** The pins of the certificates that the open connections were shown; null where there is no connection. */
  get certificates(): (string | null)[] {
    return this.#clients.map(pinOf);
  }

  /** Connects one client more, for a moment. @returns the pin of the certificate that it was shown */
  async newcomer(): Promise<string | null> {
    await using client = await createClient(this.#options).connect();
    return pinOf(client);
  }

  /** Ends everything. */
  async finish(): Promise<Account> {
    await this.#load.stop();
    const end = await measureResources();
    const heard = this.#listeners.map((listener) => listener.heard(this.#load.published));
    const account = { ...this.#load.account, heard, begin: this.#begin, end };
    for (const each of [...this.#clients, ...this.#listeners]) each.destroy();
    return account;
  }
}

function pinOf(client: Client | Cluster): string | null {
  return "report" in client ? (client.report?.tls?.certificate.pin ?? null) : null;
}
