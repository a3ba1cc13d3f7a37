import type { Forecast, PropertyChange, ResourceChange, UnitForecast } from "./what-if.ts";

const signs: Readonly<Record<ResourceChange["kind"], string>> = {
  Create: "+",
  Delete: "-",
  Modify: "~",
  Deploy: "!",
  NoChange: "=",
  Ignore: "*",
  Unsupported: "x",
};

const propertySigns: Readonly<Record<PropertyChange["kind"], string>> = {
  Create: "+",
  Delete: "-",
  Modify: "~",
  Array: "~",
  NoEffect: "=",
};

/** Lines longer than this are cut: a diff shows what changes, not whole documents. */
const longest = 100;

/** A forecast for people, with the signs of `az deployment group what-if`. */
export function forecastText({ group, units }: Forecast): string {
  const head = `${group.wouldBeMade ? "+" : "="} resource group ${group.name} (${group.location})`;
  return [head, ...units.flatMap(unitLines), "", summary(units)].join("\n");
}

function unitLines(unit: UnitForecast): string[] {
  const title = `\n${unit.name} (${unit.type}, ${unit.place})`;
  switch (unit.answer) {
    case "unchanged":
      return [title, "  = nothing to do"];
    case "failed":
      return [title, `  x Azure would refuse it: ${unit.reason ?? ""}`];
    case "unknown":
      return [
        title,
        `  ? cannot be asked: ${unit.reason ?? ""}`,
        ...unit.declares.map((type) => `  + ${type}`),
      ];
    case "asked":
      return [title, ...visible(unit.changes).flatMap(changeLines)];
  }
}

/** What else is in the group and is not touched says nothing about this deployment. */
const visible = (changes: readonly ResourceChange[]): readonly ResourceChange[] =>
  changes.filter(({ kind }) => kind !== "Ignore");

function changeLines({ id, kind, properties, reason }: ResourceChange): string[] {
  const why = reason === null ? "" : ` (${reason})`;
  return [
    `  ${signs[kind]} ${shortId(id)}${why}`,
    ...properties.flatMap((each) => propertyLines(each, "      ")),
  ];
}

function propertyLines({ path, kind, before, after, children }: PropertyChange, indent: string): string[] {
  const sign = propertySigns[kind];
  if (children.length > 0)
    return [`${indent}${sign} ${path}:`, ...children.flatMap((child) => propertyLines(child, `${indent}  `))];
  const text =
    kind === "Create"
      ? short(after)
      : kind === "Delete"
        ? short(before)
        : `${short(before)} => ${short(after)}`;
  return [`${indent}${sign} ${path}: ${text}`];
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? "null";
  return text.length <= longest ? text : `${text.slice(0, longest)}…`;
}

/** `…/providers/Microsoft.Cache/redisEnterprise/cache` is `Microsoft.Cache/redisEnterprise/cache`. */
const shortId = (id: string): string =>
  id.slice(id.lastIndexOf("/providers/") + 1).replace(/^providers\//, "") || id;

function summary(units: readonly UnitForecast[]): string {
  const count = (kind: ResourceChange["kind"]): number =>
    units.reduce((sum, { changes }) => sum + changes.filter((each) => each.kind === kind).length, 0);
  const unasked = units.filter(({ answer }) => answer === "unknown").length;
  const words = [
    `${count("Create")} to create`,
    `${count("Modify") + count("Deploy")} to modify`,
    `${count("Delete")} to delete`,
    `${count("NoChange")} unchanged`,
    ...(unasked > 0 ? [`${unasked} of ${units.length} cannot be asked about yet`] : []),
  ];
  return `${words.join(", ")}.`;
}

/** Whether deploying would change anything, as far as can be told. */
export function wouldChange({ group, units }: Forecast): boolean {
  return (
    group.wouldBeMade ||
    units.some(
      ({ answer, changes }) =>
        answer === "unknown" ||
        changes.some(
          ({ kind }) => kind === "Create" || kind === "Modify" || kind === "Delete" || kind === "Deploy",
        ),
    )
  );
}
