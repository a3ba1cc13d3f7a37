import { randomUUID } from "node:crypto";
import type { TokenCredential } from "@redoubt/client";
import { type Authority, createAuthority } from "@redoubt/server";
import type { Deployment } from "./arm/deployment.ts";
import { ProviderFault } from "./arm/providers.ts";
import { type RouterGround, route } from "./arm/router.ts";
import { Store } from "./arm/store.ts";
import { type Call, Door, type Reply, type Seen, written } from "./door.ts";
import { type FaultRule, Faults, type WorkRule } from "./faults.ts";
import { loginAnswer } from "./login.ts";
import { TokenMint } from "./tokens.ts";
import { vaultAnswer } from "./vault.ts";

/** An Azure of our own. */
export interface StandInOptions {
  /** What `x-ms-retry-after-ms` says, ms. Default 5; `null`: nothing is said. */
  readonly pace?: number | null;
  /** How long a role takes until a vault knows it, ms. Default 0. */
  readonly propagation?: number;
  /** A person, or (default) an application. */
  readonly upn?: string;
}

/** A stretch of work on one resource. */
export interface Worked {
  readonly id: string;
  readonly from: number;
  to: number;
}

/**
 * Stands in for Azure on loopback: Entra's token endpoint, Resource Manager and data planes of vaults, over HTTPS with a certificate
 * of a CA of its own. Templates are really evaluated; what they say about resources is what comes out.
 */
export class StandIn implements AsyncDisposable {
  readonly store = new Store();
  readonly faults = new Faults();
  readonly mint: TokenMint;
  readonly deployments = new Map<string, Deployment>();
  readonly subscription = randomUUID();
  readonly worked: Worked[] = [];
  readonly ca: string;
  readonly #work: { rule: WorkRule; left: number }[] = [];
  readonly #doors: Door[] = [];
  readonly #vaults = new Map<string, Door>();
  readonly #roles = new Map<string, number>();
  readonly #propagation: number;
  readonly #certificate: { pem: string; key: string };
  #arm: Door | null = null;

  private constructor(
    authority: Authority,
    certificate: { pem: string; key: string },
    { propagation = 0, upn }: StandInOptions,
  ) {
    this.ca = authority.certificate;
    this.#certificate = certificate;
    this.#propagation = propagation;
    const clientSecret = `secret-${randomUUID()}`;
    this.mint = new TokenMint({
      tenant: randomUUID(),
      objectId: randomUUID(),
      clientId: randomUUID(),
      clientSecret,
      upn: upn ?? null,
    });
  }

  static async start(options: StandInOptions = {}): Promise<StandIn> {
    const authority = await createAuthority("Stand-in");
    const standIn = new StandIn(authority, written(await authority.issue()), options);
    await standIn.#open(options);
    return standIn;
  }

  /** Resource Manager, and all that it says of itself. */
  get endpoint(): string {
    return this.#door.origin;
  }

  get requests(): readonly Seen[] {
    return this.#door.seen;
  }

  /** Requests at vaults. */
  get vaultRequests(): readonly Seen[] {
    return [...this.#vaults.values()].flatMap(({ seen }) => seen);
  }

  /** Something goes wrong with requests. */
  fault(rule: FaultRule): void {
    this.faults.add(rule);
  }

  /** Something about the work on resources. */
  work(rule: WorkRule): void {
    this.#work.push({ rule, left: rule.times ?? Number.POSITIVE_INFINITY });
  }

  /** Holds the work on resources until it is let go. */
  hold(id: RegExp): () => void {
    let release = (): void => {};
    const until = new Promise<void>((resolve) => {
      release = resolve;
    });
    this.work({ id, until });
    return release;
  }

  /** Configuration that leads here. */
  configuration(more: Readonly<Record<string, string>> = {}): (key: string) => string | undefined {
    const all: Record<string, string> = {
      "Azure:ResourceManagerEndpoint": this.endpoint,
      "Azure:SubscriptionId": this.subscription,
      "Azure:Location": "westeurope",
      ...more,
    };
    return (key) => all[key];
  }

  /** Logs in without a detour. */
  get credential(): TokenCredential {
    return {
      getToken: (scope) => {
        const audience = String(scope).replace(/\/\.default$/, "");
        const { token, expires } = this.mint.issue(audience);
        return Promise.resolve({ token, expiresOnTimestamp: expires - this.mint.skew });
      },
    };
  }

  /** A deployment by the end of its id, for tests that look into it. */
  deployment(name: string): Deployment | undefined {
    return [...this.deployments.values()].find(
      (each) => each.name === name || each.name.startsWith(`${name}-`),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#doors.map((door) => door.close()));
  }

  get #door(): Door {
    if (this.#arm === null) throw new Error("the stand-in is not open");
    return this.#arm;
  }

  async #open({ pace = 5 }: StandInOptions): Promise<void> {
    // Vaults are opened while a template is deployed, which cannot wait: some doors are made ready.
    const ground: RouterGround = {
      store: this.store,
      tenant: this.mint.login.tenant,
      principal: this.mint.login.objectId,
      deployments: this.deployments,
      results: new Map(),
      subscriptions: ["Stand-in", "Another", "Third"].map((displayName, index) => ({
        subscriptionId: index === 0 ? this.subscription : randomUUID(),
        displayName,
      })),
      locations: [
        { name: "westeurope", displayName: "West Europe" },
        { name: "northeurope", displayName: "North Europe" },
        { name: "europe", displayName: "Europe", logical: true },
        { name: "swedencentral", displayName: "Sweden Central" },
      ],
      pace: () => (pace === null ? {} : { "x-ms-retry-after-ms": String(pace) }),
      origin: () => this.endpoint,
      openVault: (name) => this.#openVault(name),
      work: (id, _type, signal) => this.#worked(id, signal),
    };
    this.#arm = await this.#newDoor((call) => this.#answer(call, ground));
    for (let spare = 0; spare < 2; spare++)
      this.#spareVaults.push(await this.#newDoor((call) => this.#vaultAnswer(call)));
  }

  readonly #spareVaults: Door[] = [];
  readonly #names = new Map<number, string>();

  async #newDoor(handle: (call: Call) => Reply | Promise<Reply>): Promise<Door> {
    const door = await Door.open(this.#certificate, handle, this.faults, 0, () => this.mint.now);
    this.#doors.push(door);
    return door;
  }

  #openVault(name: string): string {
    const known = this.#vaults.get(name);
    if (known !== undefined) return `${known.origin}/`;
    const door = this.#spareVaults.pop();
    if (door === undefined) throw new ProviderFault("QuotaExceeded", "This stand-in has two vaults.");
    this.#vaults.set(name, door);
    this.#names.set(door.port, name);
    return `${door.origin}/`;
  }

  #vaultAnswer(call: Call): Reply {
    const port = Number(/:(\d+)$/.exec(call.headers.host ?? "")?.[1]);
    const since = (id: string): boolean =>
      performance.now() - (this.#roles.get(id.toLowerCase()) ?? 0) >= this.#propagation;
    return vaultAnswer(call, this.#names.get(port) ?? "", { store: this.store, mint: this.mint, since });
  }

  #answer(call: Call, ground: RouterGround): Reply {
    const login = loginAnswer(call, this.mint, this.endpoint);
    if (login !== null) return login;
    const refusal = this.mint.check(call.headers.authorization, this.endpoint);
    if (refusal === null) return route(call, ground);
    const code = refusal === "expired" ? "ExpiredAuthenticationToken" : "InvalidAuthenticationToken";
    return {
      status: 401,
      headers: {
        "www-authenticate": `Bearer authorization_uri="${this.endpoint}/${this.mint.login.tenant}", error="invalid_token"`,
      },
      body: { error: { code, message: `The access token is not accepted: ${refusal}.` } },
    };
  }

  async #worked(id: string, signal: AbortSignal): Promise<void> {
    const stretch = { id, from: performance.now(), to: Number.POSITIVE_INFINITY };
    this.worked.push(stretch);
    try {
      for (const entry of this.#work.filter(({ rule, left }) => rule.id.test(id) && left > 0)) {
        entry.left--;
        const { takes = 0, until, error } = entry.rule;
        await Promise.race([
          aborted(signal),
          Promise.all([until, new Promise((resolve) => setTimeout(resolve, takes))]),
        ]);
        signal.throwIfAborted();
        if (error !== undefined) throw new ProviderFault(error.code, error.message);
      }
      if (/\/roleAssignments\//i.test(id)) this.#roles.set(id.toLowerCase(), performance.now());
    } finally {
      stretch.to = performance.now();
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
