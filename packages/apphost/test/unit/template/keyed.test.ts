import { expect, test } from "vitest";
import { arm } from "../../../src/template/arm.ts";
import { bicep } from "../../../src/template/bicep.ts";
import { checkModule } from "../../../src/template/check.ts";
import { call, keyed, param } from "../../../src/template/expr.ts";
import type { Module } from "../../../src/template/module.ts";

const identities = keyed([
  [param("first"), {}],
  ["/subscriptions/it's", {}],
  ["plain", 1],
]);
const module = (value: Parameters<typeof call>[1]): Module => ({
  params: [{ name: "first", type: "string" }],
  resources: [],
  outputs: [{ name: "all", type: "object", value }],
});

test("names of an object that are expressions", () => {
  checkModule(module(identities), "test");
  expect(bicep(module(identities))).toContain(`output all object = {
  '\${first}': { }
  '/subscriptions/it\\'s': { }
  plain: 1
}`);
  expect(arm(module(identities)).outputs?.["all"]?.value).toEqual({
    "[format('{0}', parameters('first'))]": {},
    "/subscriptions/it's": {},
    plain: 1,
  });
  expect(arm(module(call("union", identities, {}))).outputs?.["all"]?.value).toBe(
    "[union(createObject(format('{0}', parameters('first')), createObject(), '/subscriptions/it''s', createObject(), 'plain', 1), createObject())]",
  );
});

test("what they speak about must be declared", () => {
  expect(() => checkModule(module(keyed([[param("second"), {}]])), "test")).toThrow(/no parameter "second"/);
});
