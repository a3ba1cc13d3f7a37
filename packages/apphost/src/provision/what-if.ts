import { RedoubtError } from "@redoubt/client";
import { mask } from "@redoubt/client/config";
import { z } from "zod";
import { ArmError } from "./arm-error.ts";
import { type DeployGround, prepare } from "./deploy-unit.ts";
import { needsOf, ordered } from "./order.ts";
import { placeText } from "./place.ts";
import type { Redaction } from "./redaction.ts";
import type { Unit } from "./unit.ts";

const kinds = ["Create", "Delete", "Ignore", "Deploy", "NoChange", "Modify", "Unsupported"] as const;

/** A change of a property. Values that are secret are `*****`. */
export interface PropertyChange {
  /** `properties.publicNetworkAccess`; an index for an element of an array. */
  readonly path: string;
  readonly kind: "Create" | "Delete" | "Modify" | "Array" | "NoEffect";
  readonly before: unknown;
  readonly after: unknown;
  readonly children: readonly PropertyChange[];
}

/** What would become of one resource. */
export interface ResourceChange {
  readonly id: string;
  readonly kind: (typeof kinds)[number];
  readonly properties: readonly PropertyChange[];
  /** Why Azure cannot tell, where it cannot. */
  readonly reason: string | null;
}

/** What would become of one unit. */
export interface UnitForecast {
  readonly name: string;
  readonly type: string;
  /** `group rg-todos` */
  readonly place: string;
  /**
   * - `unchanged`: it would not be deployed, nothing has changed
   * - `asked`: Azure was asked, and `changes` is its answer
   * - `unknown`: it cannot be asked, because something that it needs is not there yet; `reason` names it
   * - `failed`: Azure would refuse it
   */
  readonly answer: "unchanged" | "asked" | "unknown" | "failed";
  readonly changes: readonly ResourceChange[];
  /** Types of resources that the template declares, for what could not be asked. */
  readonly declares: readonly string[];
  readonly reason: string | null;
}

/** What a deployment would do. */
export interface Forecast {
  readonly group: { readonly name: string; readonly location: string; readonly wouldBeMade: boolean };
  readonly units: readonly UnitForecast[];
}

interface RawProperty {
  path: string;
  propertyChangeType: PropertyChange["kind"];
  before?: unknown;
  after?: unknown;
  children?: RawProperty[] | null | undefined;
}

const propertySchema: z.ZodType<RawProperty> = z.lazy(() =>
  z.object({
    path: z.string(),
    propertyChangeType: z.enum(["Create", "Delete", "Modify", "Array", "NoEffect"]),
    before: z.unknown().optional(),
    after: z.unknown().optional(),
    children: z.array(propertySchema).nullish(),
  }),
);

const documentSchema = z.object({
  status: z.string(),
  error: z.unknown().optional(),
  properties: z
    .object({
      changes: z.array(
        z.object({
          resourceId: z.string(),
          changeType: z.enum(kinds),
          unsupportedReason: z.string().nullish(),
          delta: z.array(propertySchema).nullish(),
        }),
      ),
    })
    .nullish(),
});

/**
 * Asks Azure what deploying would change. Nothing is changed, nothing is written. A unit that needs outputs of another that was
 * never deployed cannot be asked about: Azure would want values that there are not yet.
 */
export async function forecast(units: readonly Unit[], ground: DeployGround): Promise<Forecast> {
  const { destination } = ground;
  const unknown = new Set<string>();
  const forecasts = new Map<string, UnitForecast>();
  for (const unit of ordered(units)) {
    const missing = needsOf(unit).filter((name) => unknown.has(name));
    const said =
      missing.length > 0
        ? unasked(unit, `it needs ${missing.join(", ")}, not deployed yet`)
        : await ask(unit, ground);
    if (ground.state.get(unit.name)?.outputs == null) unknown.add(unit.name);
    forecasts.set(unit.name, said);
  }
  return {
    group: {
      name: destination.group,
      location: destination.location,
      wouldBeMade: !destination.groupIsThere,
    },
    units: units.map(({ name }) => forecasts.get(name) as UnitForecast),
  };
}

async function ask(unit: Unit, ground: DeployGround): Promise<UnitForecast> {
  const { connection, destination, state, signal } = ground;
  const saved = state.get(unit.name);
  const prepared = await prepare(unit, ground);
  const { place } = prepared;
  const base = {
    name: unit.name,
    type: unit.type,
    place: placeText(place),
    declares: declared(unit),
    changes: [],
  };
  const isOwnGroup =
    place.kind === "group" &&
    place.group === destination.group &&
    place.subscription === destination.subscription;
  if (isOwnGroup && !destination.groupIsThere)
    return { ...base, answer: "unknown", reason: `the ${placeText(place)} is not there yet` };
  const isSame = saved?.state === "Succeeded" && saved.checksum === prepared.checksum;
  if (saved?.outputs != null) unit.settled?.(saved.outputs);
  if (saved !== null && isSame && (await ground.inventory.missing(saved, signal)).length === 0)
    return { ...base, answer: "unchanged", reason: null };
  const { timing, redaction } = connection;
  try {
    const document = await connection.deployments.whatIf(place, unit.name, prepared.body, {
      timing,
      redaction,
      signal,
      what: `What-if of ${unit.name}`,
      end: performance.now() + timing.patience,
    });
    return { ...base, answer: "asked", changes: changesIn(document, unit.name, redaction), reason: null };
  } catch (error) {
    if (!(error instanceof ArmError)) throw error;
    return { ...base, answer: "failed", reason: error.message };
  }
}

function unasked(unit: Unit, reason: string): UnitForecast {
  const place = typeof unit.scope === "function" ? "a place that is not known yet" : unit.scope.kind;
  return {
    name: unit.name,
    type: unit.type,
    place,
    answer: "unknown",
    changes: [],
    declares: declared(unit),
    reason,
  };
}

function changesIn(document: unknown, unit: string, redaction: Redaction): readonly ResourceChange[] {
  const parsed = documentSchema.safeParse(document);
  if (!parsed.success)
    throw new RedoubtError(
      "APP_DEPLOY",
      `What-if of ${unit}: Azure answers something that is not understood`,
      {
        cause: parsed.error,
      },
    );
  const { status, error, properties } = parsed.data;
  if (status === "Failed")
    throw new ArmError(`What-if of ${unit}`, 200, { error }, (text) => redaction.mask(text));
  return (properties?.changes ?? []).map(({ resourceId, changeType, unsupportedReason, delta }) => ({
    id: redaction.mask(resourceId),
    kind: changeType,
    reason: unsupportedReason == null ? null : redaction.mask(unsupportedReason),
    properties: (delta ?? []).map((each) =>
      propertyOf(each, /\/vaults\/[^/]+\/secrets\/[^/]+$/i.test(resourceId), redaction),
    ),
  }));
}

function propertyOf(raw: RawProperty, ofSecret: boolean, redaction: Redaction): PropertyChange {
  const { path, propertyChangeType, before, after, children } = raw;
  // What Azure works out by itself, for example `listKeys`, is known to nobody here.
  const hide = telling.test(path) || (ofSecret && /(^|\.)value$/i.test(path));
  const shown = (value: unknown): unknown =>
    hide && value != null ? mask : visible(value ?? null, redaction);
  return {
    path,
    kind: propertyChangeType,
    before: shown(before),
    after: shown(after),
    children: (children ?? []).map((each) => propertyOf(each, ofSecret, redaction)),
  };
}

/** Names of properties whose values are secret wherever they are. */
const telling = /(password|secret|primaryKey|secondaryKey|accessKey|token|connectionString)$/i;

const visible = (value: unknown, redaction: Redaction): unknown =>
  JSON.parse(redaction.mask(JSON.stringify(value))) as unknown;

/** Types that a template declares: of an array, or an object of symbols. */
function declared({ template }: Unit): string[] {
  const { resources } = template;
  const list: unknown[] = Array.isArray(resources)
    ? resources
    : Object.values((resources as object | undefined) ?? {});
  return list.flatMap((each) => {
    const { type, existing } = each as { type?: unknown; existing?: unknown };
    return typeof type === "string" && existing !== true ? [type] : [];
  });
}
