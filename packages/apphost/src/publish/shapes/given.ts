import { z } from "zod";
import { Expr } from "../../template/expr.ts";

/** A schema for what a template may say: the value itself, or an expression, whose value nobody knows before the deployment. */
export function given<T extends z.ZodType>(schema: T): z.ZodType {
  return z.unknown().superRefine((value, context) => {
    if (value instanceof Expr) return;
    const { error } = schema.safeParse(value, { reportInput: true });
    for (const issue of error?.issues ?? []) context.addIssue(issue as never);
  });
}

/** The same, and it may be left out. */
export function maybe<T extends z.ZodType>(schema: T): z.ZodType {
  return given(schema).optional();
}

/** An object with these members and no others; each may be an expression. */
export function members(shape: Readonly<Record<string, z.ZodType>>): z.ZodType {
  return z.strictObject(shape);
}

/** One of these words. */
export function oneOf(...words: readonly [string, ...string[]]): z.ZodType {
  return z.enum(words);
}

/** A list of these. */
export function listOf(schema: z.ZodType): z.ZodType {
  return z.array(given(schema));
}

export const text = z.string();
export const flag = z.boolean();
export const whole = z.int();
export const onOff: z.ZodType = oneOf("Enabled", "Disabled");
/** `{ id: … }` of another resource. */
export const reference: z.ZodType = members({ id: given(text) });

/** What most resources have beside their properties. */
export const common: Readonly<Record<string, z.ZodType>> = {
  location: given(text),
  tags: maybe(z.record(z.string(), given(text))),
};

/** A managed identity of a resource. */
export const identity: z.ZodType = members({
  type: given(
    oneOf(
      "None",
      "SystemAssigned",
      "UserAssigned",
      "SystemAssigned, UserAssigned",
      "SystemAssigned,UserAssigned",
    ),
  ),
  userAssignedIdentities: maybe(z.record(z.string(), z.unknown())),
});
