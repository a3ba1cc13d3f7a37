import { Evaluation, type World } from "./evaluation.ts";
import { TemplateFault } from "./expression.ts";
import { idIn, resourceId } from "./ids.ts";

type Section = Readonly<Record<string, unknown>>;

/** A resource of a template, with all that is known before anything is deployed. */
export interface Planned {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly apiVersion: string;
  readonly source: Section;
  /** Ids, in lower case, of resources of the same template. */
  readonly after: readonly string[];
  readonly wanted: boolean;
}

/** A template, checked. */
export interface Plan {
  readonly evaluation: Evaluation;
  readonly resources: readonly Planned[];
  readonly outputs: Section;
  /** Types of parameters and outputs. */
  readonly template: Section;
}

const sections = new Set([
  "$schema",
  "languageVersion",
  "contentVersion",
  "metadata",
  "parameters",
  "variables",
  "functions",
  "definitions",
  "resources",
  "outputs",
]);
const members = new Set([
  "condition",
  "existing",
  "type",
  "apiVersion",
  "name",
  "location",
  "scope",
  "dependsOn",
  "tags",
  "sku",
  "kind",
  "identity",
  "zones",
  "plan",
  "properties",
  "comments",
  "metadata",
  "resourceGroup",
  "subscriptionId",
  "asserts",
  "extendedLocation",
]);
const schema =
  /^https:\/\/schema\.management\.azure\.com\/schemas\/\d{4}-\d\d-\d\d\/(deployment|subscriptionDeployment|tenantDeployment)Template\.json#?$/;

/** Reads a template and holds it to the rules that Azure checks before it begins. @throws TemplateFault */
export function plan(
  template: Section,
  given: Section,
  world: World,
  scopeKind: "group" | "subscription" | "tenant",
): Plan {
  const unknown = Object.keys(template).filter((key) => !sections.has(key));
  if (unknown.length > 0)
    throw new TemplateFault(`Could not find member '${unknown.join()}' on objects of type 'Template'.`);
  const { $schema, contentVersion, languageVersion, resources } = template;
  const [, kind] = schema.exec(String($schema)) ?? [];
  if (kind === undefined)
    throw new TemplateFault(`The template's $schema '${String($schema)}' is not known.`);
  const wanted = { group: "deployment", subscription: "subscriptionDeployment", tenant: "tenantDeployment" }[
    scopeKind
  ];
  if (kind !== wanted)
    throw new TemplateFault(`The template is one for '${kind}', and is deployed to a ${scopeKind}.`);
  if (!/^\d+\.\d+\.\d+\.\d+$/.test(String(contentVersion)))
    throw new TemplateFault("contentVersion is missing.");
  const symbolic = !Array.isArray(resources);
  if (resources === undefined || (symbolic && languageVersion !== "2.0"))
    throw new TemplateFault("resources must be an array.");
  const evaluation = new Evaluation(template, given, world);
  const entries: (readonly [symbol: string | null, source: Section])[] = Array.isArray(resources)
    ? resources.map((each) => [null, each as Section] as const)
    : Object.entries(resources as Section).map(([symbol, each]) => [symbol, each as Section] as const);
  const read = entries.map(([symbol, source]) => ({ symbol, planned: one(source, evaluation, world) }));
  const ids = new Map(
    read.map(({ symbol, planned }) => [(symbol ?? planned.id).toLowerCase(), planned.id.toLowerCase()]),
  );
  const all = read.map(({ planned }) => ({ ...planned, after: after(planned, ids, evaluation, world) }));
  const existing = all.filter(({ source }) => source["existing"] === true).map(({ id }) => id);
  const made = all.filter(({ source }) => source["existing"] !== true);
  unique(made);
  acyclic(made);
  for (const { id, after: before } of made)
    if (before.some((each) => existing.includes(each)))
      throw new TemplateFault(`${id} depends on an existing resource.`);
  return {
    evaluation,
    resources: made,
    outputs: (template["outputs"] as Section | undefined) ?? {},
    template,
  };
}

function one(source: Section, evaluation: Evaluation, world: World): Planned {
  const unknown = Object.keys(source).filter((key) => !members.has(key));
  if (unknown.includes("copy"))
    throw new TemplateFault("This stand-in knows no copy loops.", "NotImplemented");
  if (unknown.length > 0)
    throw new TemplateFault(
      `Could not find member '${unknown.join()}' on objects of type 'TemplateResource'.`,
    );
  const { type, apiVersion, name, scope, condition = true } = source;
  if (typeof type !== "string" || typeof apiVersion !== "string" || typeof name !== "string")
    throw new TemplateFault("Every resource has a type, an apiVersion and a name.");
  const itsName = evaluation.text(name);
  const into = scope === undefined ? world.scope : scopeId(evaluation.text(scope), world);
  return {
    id: idIn(into, type, itsName),
    type,
    name: itsName,
    apiVersion,
    source,
    after: [],
    wanted: evaluation.value(condition) === true,
  };
}

/** `/` is the tenant; a relative id is one of the deployment's own scope. */
function scopeId(text: string, { scope }: World): string {
  if (text === "/") return "";
  if (text.startsWith("/")) return text;
  const [provider = "", ...rest] = text.split("/");
  const type = [provider, ...rest.filter((_, index) => index % 2 === 0)].join("/");
  return idIn(scope, type, rest.filter((_, index) => index % 2 === 1).join("/"));
}

function after(
  { id, source }: Planned,
  ids: ReadonlyMap<string, string>,
  evaluation: Evaluation,
  world: World,
): string[] {
  const { dependsOn = [] } = source;
  if (!Array.isArray(dependsOn)) throw new TemplateFault("dependsOn must be an array.");
  return dependsOn.map((each) => {
    const text = evaluation.text(each);
    const found = ids.get(text.toLowerCase()) ?? ids.get(relative(text, world));
    if (found === undefined)
      throw new TemplateFault(`The resource '${text}' is not defined in the template (needed by ${id}).`);
    return found;
  });
}

function relative(text: string, { scope }: World): string {
  const [type = "", ...names] = text.split("/");
  return text.includes(".") && names.length > 1 && !text.startsWith("/")
    ? resourceId(scope, [`${type}/${names[0]}`, ...names.slice(1)]).toLowerCase()
    : "";
}

function unique(resources: readonly Planned[]): void {
  const seen = new Set<string>();
  for (const { id } of resources) {
    if (seen.has(id.toLowerCase()))
      throw new TemplateFault(`The resource '${id}' is defined multiple times in the template.`);
    seen.add(id.toLowerCase());
  }
}

function acyclic(resources: readonly Planned[]): void {
  const byId = new Map(resources.map((each) => [each.id.toLowerCase(), each]));
  const done = new Set<string>();
  const visit = (id: string, path: readonly string[]): void => {
    if (path.includes(id)) throw new TemplateFault(`Circular dependency detected on resource: '${id}'.`);
    if (done.has(id)) return;
    for (const before of byId.get(id)?.after ?? []) visit(before, [...path, id]);
    done.add(id);
  };
  for (const id of byId.keys()) visit(id, []);
}
