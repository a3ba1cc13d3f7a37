import { z } from "zod";

/** An object of an export: keys in lower case, what was below `properties` beside the rest. */
export type Shape = Readonly<Record<string, unknown>>;

/** The deepest that an export of Azure nests is about ten. */
const deepest = 40;

/**
 * Makes exports alike: keys in lower case (PowerShell writes `SecurityRules`), and what ARM nests below `properties` one level up, where
 * `az` prints it.
 */
export function alike(value: unknown, depth = 0): unknown {
  if (depth > deepest) return null;
  if (Array.isArray(value)) return value.map((one) => alike(one, depth + 1));
  if (typeof value !== "object" || value === null) return value;
  const shape: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [key, one] of Object.entries(value)) {
    const name = key.toLowerCase();
    if (name !== "properties") shape[name] = alike(one, depth + 1);
  }
  const nested = Object.entries(value).find(([key]) => key.toLowerCase() === "properties")?.[1];
  const inner = alike(nested, depth + 1);
  if (isShape(inner)) for (const [key, one] of Object.entries(inner)) shape[key] ??= one;
  return shape;
}

/** Whether it is an object. */
export function isShape(value: unknown): value is Shape {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A text, or nothing for anything else. */
export const text = z
  .string()
  .nullish()
  .catch(null)
  .transform((value) => value ?? null);

/** `true` or `false`, also as text; nothing for anything else. */
export const flag = z
  .union([
    z.boolean(),
    z
      .string()
      .regex(/^(?:true|false|enabled|disabled)$/i)
      .transform((word) => /^(?:true|enabled)$/i.test(word)),
  ])
  .nullish()
  .catch(null)
  .transform((value) => value ?? null);

/** A number, also as text; nothing for anything else. */
export const count = z
  .union([z.number(), z.string().regex(/^\d+$/).transform(Number)])
  .nullish()
  .catch(null)
  .transform((value) => value ?? null);

/** Texts: a list, or one of them alone. */
export const texts = z
  .union([z.array(z.unknown()), z.string()])
  .nullish()
  .catch(null)
  .transform((value) =>
    (typeof value === "string" ? [value] : (value ?? [])).filter(
      (one): one is string => typeof one === "string" && one !== "",
    ),
  );

/** Objects: a list, or one of them alone. */
export const shapes = z
  .unknown()
  .optional()
  .transform((value) => (Array.isArray(value) ? value : [value]).filter(isShape));

/** The `id` of an object that refers to another resource. */
export const reference = z
  .unknown()
  .optional()
  .transform((value) => (isShape(value) && typeof value["id"] === "string" ? value["id"] : null));

/** The ids of a list of such objects. */
export const references = shapes.transform((list) =>
  list.flatMap(({ id }) => (typeof id === "string" ? [id] : [])),
);
