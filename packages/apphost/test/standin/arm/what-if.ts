import { type Asked, type DeploymentGround, planned, wantedDocument } from "./deployment.ts";
import { partsOf } from "./ids.ts";
import type { Stored } from "./providers.ts";

type Section = Readonly<Record<string, unknown>>;
type Delta = {
  path: string;
  propertyChangeType: string;
  before?: unknown;
  after?: unknown;
  children?: Delta[];
};

const isObject = (value: unknown): value is Section =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What a deployment would change, as `…/whatIf` answers. */
export function whatIf(asked: Asked, ground: DeploymentGround): Section {
  const { resources, evaluation } = planned(asked, ground);
  const changes = resources
    .filter(({ wanted }) => wanted)
    .map((each) => {
      const before = ground.store.get(each.id);
      const base = { resourceId: each.id };
      if (before === null)
        return { ...base, changeType: "Create", after: { id: each.id, type: each.type, name: each.name } };
      let wanted: Section;
      try {
        wanted = wantedDocument(evaluation, each);
      } catch {
        return { ...base, changeType: "Deploy" };
      }
      const delta = [...compared(picked(before), picked(wanted), "")];
      return delta.length === 0
        ? { ...base, changeType: "NoChange" }
        : { ...base, changeType: "Modify", delta };
    });
  const { subscription, group } = partsOf(asked.scope);
  const named = new Set(resources.map(({ id }) => id.toLowerCase()));
  const others =
    group === undefined
      ? []
      : ground.store.inGroup(subscription ?? "", group).filter(({ id }) => !named.has(id.toLowerCase()));
  return {
    status: "Succeeded",
    properties: {
      correlationId: "0",
      changes: [...changes, ...others.map(({ id }) => ({ resourceId: id, changeType: "Ignore" }))],
      potentialChanges: [],
      diagnostics: [],
    },
  };
}

const picked = ({
  sku,
  tags,
  properties,
}: Pick<Stored, "sku" | "tags"> & { properties?: unknown }): Section => ({
  ...(sku !== undefined && { sku }),
  ...(tags !== undefined && { tags }),
  ...(isObject(properties) && { properties }),
});

/** What the template says and is otherwise; what it does not say stays. */
function* compared(before: Section, after: Section, at: string): Generator<Delta> {
  for (const [key, wanted] of Object.entries(after)) {
    const path = at === "" ? key : `${at}.${key}`;
    const is = before[key];
    if (isObject(wanted) && isObject(is)) yield* compared(is, wanted, path);
    else if (JSON.stringify(is) === JSON.stringify(wanted)) continue;
    else if (is === undefined) yield { path, propertyChangeType: "Create", after: wanted };
    else yield { path, propertyChangeType: "Modify", before: is, after: wanted };
  }
}
