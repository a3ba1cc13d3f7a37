import { RedoubtError } from "@redoubt/client";
import type { App } from "../../model/app.ts";
import { azureOf, optionsOf } from "../../provision/deploy-app.ts";
import type { ProvisionResult, UnitEvent } from "../../provision/events.ts";
import { type ProvisionOptions, provision } from "../../provision/provision.ts";
import { refuseBroken, unitsOf } from "../../provision/resource-units.ts";
import type { Unit } from "../../provision/unit.ts";
import type { AzureResource } from "../../resources/azure/azure-resource.ts";
import type { Masker } from "../logs/masker.ts";

/** How Azure is reached, for programs and tests that start an app themselves. */
export type AzureAccess = Pick<ProvisionOptions, "credential" | "identity" | "ca" | "timing" | "questions">;

/** Hears what becomes of one resource. */
export type HearUnit = (event: UnitEvent) => void;

/**
 * The resources of an app that are in Azure: they are provisioned together, once, when the first of them is started, and each is
 * told what becomes of it. What is under way when the app stops goes on in Azure, and the next run takes it up.
 */
export class AzureAccount {
  readonly #app: App;
  readonly #access: AzureAccess;
  readonly #masker: Masker;
  readonly #stop = new AbortController();
  readonly #listeners = new Map<string, HearUnit>();
  readonly #notes = new Set<(text: string) => void>();
  #resources: readonly AzureResource[] = [];
  #going: Promise<ProvisionResult> | null = null;

  constructor(app: App, masker: Masker, access: AzureAccess = {}) {
    this.#app = app;
    this.#masker = masker;
    this.#access = access;
  }

  /** Adds to the app what gives access, before it is run. */
  async prepare(): Promise<void> {
    this.#resources = await azureOf(this.#app);
  }

  /**
   * Brings a resource to life; resolves when it is deployed, with its roles.
   * @throws RedoubtError what keeps it from that; `CONFIG_MISSING` where configuration does not say where
   */
  async bring(resource: AzureResource, hear: HearUnit, note: (text: string) => void): Promise<void> {
    this.#listeners.set(resource.name, hear);
    this.#notes.add(note);
    const running = new Promise<void>((resolve, reject) => {
      this.#listeners.set(resource.name, (event) => {
        hear(event);
        if (event.state === "Running") resolve();
        else if (event.error !== undefined) reject(event.error);
      });
    });
    // What ends all of them reaches each below.
    running.catch(() => {});
    this.#going ??= this.#provision();
    const end = await Promise.race([running, this.#going]);
    if (end === undefined) return;
    const its = end.units.find(({ name }) => name === resource.name);
    if (its?.error != null) throw its.error;
  }

  /** The app ends: nobody waits any more. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#going?.catch(() => {});
  }

  async #provision(): Promise<ProvisionResult> {
    refuseBroken(this.#resources);
    const units = unitsOf(this.#resources, "all").map((unit) => this.#masked(unit));
    const talk = { tell: () => {}, questions: null, signal: this.#stop.signal };
    return await provision(units, {
      ...optionsOf(this.#app, {}, talk),
      ...this.#access,
      mode: "run",
      onEvent: (event) => {
        if (event.kind === "unit") this.#listeners.get(event.unit)?.(event);
        else for (const note of this.#notes) note(event.message);
      },
    });
  }

  /** Secrets that are read shall not be in logs. */
  #masked(unit: Unit): Unit {
    const secrets = unit.secrets?.map((secret) => ({
      ...secret,
      known: (value: string) => {
        this.#masker.add(value);
        const [, password] = /(?:^|,)password=([^,]+)/.exec(value) ?? [];
        if (password !== undefined) this.#masker.add(password);
        secret.known(value);
      },
    }));
    return secrets === undefined ? unit : { ...unit, secrets };
  }
}

/** Whether configuration does not say where to provision. */
export function saysNowhere(error: unknown): boolean {
  return (
    error instanceof RedoubtError && error.code === "CONFIG_MISSING" && error.message.startsWith("Azure:")
  );
}
