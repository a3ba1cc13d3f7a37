import type { z } from "zod";
import { Expr, type Input } from "../../template/expr.ts";
import type { Declared } from "../../template/module.ts";
import { compute } from "./compute.ts";
import { network } from "./network.ts";
import { redis } from "./redis.ts";
import { redisEnterprise } from "./redis-enterprise.ts";
import type { Shapes } from "./shapes.ts";
import { vault } from "./vault.ts";

/** What is wrong with a resource of a template. */
export interface ShapeFinding {
  /** Path of the setting: `properties.sku.name`. */
  readonly key: string;
  /** One sentence. */
  readonly message: string;
  /** What to do, one sentence. */
  readonly fix: string;
}

/** Every type and API version that is known. */
export const shapes: Shapes = { ...redisEnterprise, ...redis, ...vault, ...network, ...compute };

/**
 * Holds a resource against what its API version takes: unknown members, missing ones, values that are none. Expressions are
 * taken for right, because nobody knows their values. An existing resource says nothing but its name.
 *
 * @returns `"unknown"` for a type or version that this package has no shape of
 */
export function judgeShape(resource: Declared): readonly ShapeFinding[] | "unknown" {
  if (resource.existing === true) return [];
  const shape = shapes[`${resource.type}@${resource.apiVersion}`];
  if (shape === undefined) return "unknown";
  const { error } = shape.safeParse(plain(resource.body ?? {}), { reportInput: true });
  return (error?.issues ?? []).flatMap((issue) => findings(issue));
}

/** Literals, objects and arrays as plain data; what must be worked out stays an expression. */
function plain(input: Input): unknown {
  if (input instanceof Expr) {
    const { node } = input;
    if (node.kind === "literal") return node.value;
    if (node.kind === "array") return node.items.map(plain);
    if (node.kind === "object")
      return Object.fromEntries(
        node.members.map(([name, value]) => [typeof name === "string" ? name : "*", plain(value)]),
      );
    return input;
  }
  if (Array.isArray(input)) return (input as readonly Input[]).map(plain);
  if (typeof input !== "object" || input === null) return input;
  return Object.fromEntries(
    Object.entries(input as { readonly [name: string]: Input })
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, plain(value)]),
  );
}

function findings(issue: z.core.$ZodIssue): readonly ShapeFinding[] {
  const key = issue.path.map(String).join(".");
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((name) => ({
      key: key === "" ? name : `${key}.${name}`,
      message: `This API version has no "${name}" here.`,
      fix: "Correct its name, or leave it out.",
    }));
  const missing = "input" in issue && issue.input === undefined;
  return [
    {
      key,
      message: missing ? "It is missing." : `${issue.message}.`,
      fix: missing ? "Say a value for it." : "Give a value that Azure takes here.",
    },
  ];
}
