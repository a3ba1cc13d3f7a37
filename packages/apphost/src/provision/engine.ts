import { RedoubtError } from "@redoubt/client";
import { ArmError, isFault } from "./arm-error.ts";
import { type Deployed, type DeployGround, deployUnit } from "./deploy-unit.ts";
import type { ProvisionResult, ProvisionState, UnitEnd, UnitEvent, UnitResult } from "./events.ts";
import { needsOf, ordered } from "./order.ts";
import { portalLink } from "./place.ts";
import { Turns } from "./turns.ts";
import type { Unit, WantedSecret } from "./unit.ts";
import { Vaults } from "./vault.ts";

/** A failure of one thing, because of another. */
class Unmet extends Error {}

/** A unit under way. */
interface Going {
  readonly unit: Unit;
  /** Deployed: its outputs are known. */
  readonly deployed: Promise<Deployed>;
  /** Deployed, with its roles and secrets; never fails. */
  readonly result: Promise<UnitResult>;
}

/**
 * Deploys units: each as soon as what it needs is deployed, independent ones at the same time, those of one turn one after the
 * other. A failure ends only what depends on it.
 */
export async function deployAll(units: readonly Unit[], ground: DeployGround): Promise<ProvisionResult> {
  const engine = new Engine(units, ground);
  const results = await engine.run();
  const interrupted = ground.signal.aborted;
  return { ok: results.every(({ error }) => error === null), interrupted, units: results };
}

class Engine {
  readonly #units: readonly Unit[];
  readonly #ground: DeployGround;
  readonly #going = new Map<string, Going>();
  readonly #turns = new Turns();
  readonly #vaults: Vaults;

  constructor(units: readonly Unit[], ground: DeployGround) {
    this.#units = units;
    this.#ground = ground;
    const { parts, cloud, tell } = ground.connection;
    this.#vaults = new Vaults(parts, cloud, (message) => tell({ kind: "note", severity: "info", message }));
  }

  async run(): Promise<readonly UnitResult[]> {
    for (const unit of ordered(this.#units)) this.#going.set(unit.name, this.#start(unit));
    return Promise.all(this.#units.map(({ name }) => this.#of(name).result));
  }

  #start(unit: Unit): Going {
    const begun = performance.now();
    let state: ProvisionState = "Waiting";
    const tell = (now: ProvisionState, more: Omit<Partial<UnitEvent>, "kind"> = {}): void => {
      state = now;
      const { name, type } = unit;
      this.#ground.connection.tell({
        kind: "unit",
        unit: name,
        type,
        state,
        elapsed: performance.now() - begun,
        ...more,
      });
    };
    tell("Waiting");
    const deployed = this.#deploy(unit, tell);
    // Whoever depends on it asks; nobody may.
    deployed.catch(() => {});
    const result = this.#complete(unit, deployed, tell).then(
      (done): UnitResult => ({ ...this.#resultOf(unit, begun, done), state }),
      (error: unknown): UnitResult => {
        const failure = this.#told(unit, error, tell);
        return { ...this.#resultOf(unit, begun, null), ...failure, state };
      },
    );
    return { unit, deployed, result };
  }

  async #deploy(
    unit: Unit,
    tell: (state: ProvisionState, more?: Omit<Partial<UnitEvent>, "kind">) => void,
  ): Promise<Deployed> {
    const needs = needsOf(unit);
    const outcomes = await Promise.allSettled(needs.map((name) => this.#of(name).deployed));
    const unmet = needs.filter((_, index) => outcomes[index]?.status === "rejected");
    if (unmet.length > 0) throw new Unmet(`it needs ${unmet.join(", ")}`);
    const done = await this.#turns.take(unit.turn ?? unit.rolesOf, () => {
      if (this.#ground.signal.aborted) throw new RedoubtError("CLOSED_ABORTED", "Interrupted.");
      return deployUnit(unit, this.#ground, tell);
    });
    tell("Provisioned", { portal: portalLink(this.#ground.connection.cloud, done.deployment) });
    unit.settled?.(done.outputs);
    return done;
  }

  /** What makes a deployed unit a running one: whoever uses it is let in, and secrets are known. */
  async #complete(
    unit: Unit,
    deployed: Promise<Deployed>,
    tell: (state: ProvisionState, more?: Omit<Partial<UnitEvent>, "kind">) => void,
  ): Promise<Deployed> {
    const done = await deployed;
    await this.#rolesOf(unit);
    await Promise.all((unit.secrets ?? []).map((secret) => this.#read(secret)));
    tell("Running", { portal: portalLink(this.#ground.connection.cloud, done.deployment) });
    return done;
  }

  async #rolesOf(unit: Unit): Promise<void> {
    const roles = this.#units.filter(({ rolesOf }) => rolesOf === unit.name);
    const results = await Promise.all(roles.map(({ name }) => this.#of(name).result));
    const failed = results.find(({ error }) => error !== null);
    if (failed !== undefined) throw new RolesFailed(failed.name, failed.error);
  }

  async #read(secret: WantedSecret): Promise<void> {
    const { signal } = this.#ground;
    try {
      const vault = this.#of(secret.vault);
      const { outputs } = await vault.deployed;
      await this.#rolesOf(vault.unit);
      const { vaultUri } = outputs;
      if (typeof vaultUri !== "string")
        throw new RedoubtError(
          "APP_DEPLOY",
          `${secret.vault} does not say where it is: it has no output vaultUri`,
        );
      secret.known(await this.#vaults.read(vaultUri, secret.name, signal));
    } catch (error) {
      secret.failed(error instanceof Error ? error : new Error(String(error)));
      throw error;
    }
  }

  #resultOf(unit: Unit, begun: number, done: Deployed | null): Omit<UnitResult, "state"> {
    const { cloud } = this.#ground.connection;
    const deployment = done?.deployment ?? this.#ground.state.get(unit.name)?.id ?? null;
    return {
      name: unit.name,
      type: unit.type,
      end: done?.end ?? "failed",
      outputs: this.#visible(done?.outputs ?? {}),
      deployment,
      portal: deployment === null ? null : portalLink(cloud, deployment),
      elapsed: performance.now() - begun,
      error: null,
    };
  }

  /** An output may have a secret in it: whoever needs it was told, and everybody else sees a mask. */
  #visible(outputs: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
    const { redaction } = this.#ground.connection;
    if (!redaction.finds(outputs)) return outputs;
    return JSON.parse(redaction.mask(JSON.stringify(outputs))) as Record<string, unknown>;
  }

  /** Says that a unit failed, and how. */
  #told(
    unit: Unit,
    thrown: unknown,
    tell: (state: ProvisionState, more?: Omit<Partial<UnitEvent>, "kind">) => void,
  ): { readonly end: UnitEnd; readonly error: Error } {
    const error = this.#known(thrown);
    const [state, end] = this.#endOf(unit, thrown);
    tell(state, { message: error.message, error });
    unit.failed?.(error);
    return { end, error };
  }

  #endOf(unit: Unit, error: unknown): readonly [ProvisionState, UnitEnd] {
    if (this.#ground.signal.aborted)
      return this.#ground.state.get(unit.name)?.state === "Running"
        ? ["Left going", "left"]
        : ["Skipped", "skipped"];
    if (error instanceof Unmet) return ["Skipped", "skipped"];
    if (error instanceof RolesFailed) return ["Failed to Provision Roles", "failed"];
    if (isFault(error, "Canceled", "DeploymentCanceled")) return ["Azure deployment canceled", "canceled"];
    return ["Failed to Provision", "failed"];
  }

  /** An error that may be shown: texts of others may quote a secret. */
  #known(error: unknown): Error {
    const { redaction } = this.#ground.connection;
    if (error instanceof ArmError || error instanceof Unmet) return error;
    if (error instanceof RedoubtError && !redaction.finds(error.message)) return error;
    const message = redaction.mask(error instanceof Error ? error.message : String(error));
    return error instanceof RedoubtError
      ? new RedoubtError(error.code, message, { hint: error.hint })
      : new Error(message);
  }

  #of(name: string): Going {
    const found = this.#going.get(name);
    if (found === undefined) throw new Error(`${name} is not among what is deployed`);
    return found;
  }
}

/** It is deployed, and nobody is let in. */
class RolesFailed extends RedoubtError {
  constructor(unit: string, cause: Error | null) {
    super("APP_DEPLOY", `Its roles were not assigned (${unit}): ${cause?.message ?? "nobody knows why"}`, {
      cause,
    });
  }
}
