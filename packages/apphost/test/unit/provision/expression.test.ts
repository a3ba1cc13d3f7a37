import { expect, test } from "vitest";
import { Evaluation, type World } from "../../standin/arm/evaluation.ts";

const world: World = {
  scope: "/subscriptions/s/resourceGroups/g",
  deployment: "d",
  location: "westeurope",
  tenant: "t",
  principal: "p",
  reference: (id) => ({ hostName: `host of ${id}` }),
  list: (name, id) => ({ primaryKey: `${name} of ${id}` }),
};
const parameters = {
  name: { type: "string" },
  secret: { type: "securestring", defaultValue: "[concat(parameters('name'), '!')]" },
};
const evaluation = new Evaluation(
  { parameters, variables: { v: "[toUpper('a')]" } },
  { name: { value: "cache" } },
  world,
);

test.each<[string, unknown]>([
  ["plain", "plain"],
  ["[[escaped]", "[escaped]"],
  ["[concat('it''s ', parameters('name'))]", "it's cache"],
  ["[format('{0}-{1} {{x}}', parameters('NAME'), 3)]", "cache-3 {x}"],
  ["[take(uniqueString(resourceGroup().id), 5)]", expect.stringMatching(/^[a-z2-7]{5}$/)],
  [
    "[resourceId('Microsoft.Cache/redisEnterprise/databases', 'c', 'default')]",
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.Cache/redisEnterprise/c/databases/default",
  ],
  [
    "[resourceId('other', 'Microsoft.Cache/redis', 'c')]",
    "/subscriptions/s/resourceGroups/other/providers/Microsoft.Cache/redis/c",
  ],
  [
    "[extensionResourceId(resourceGroup().id, 'A.B/c', 'd')]",
    "/subscriptions/s/resourceGroups/g/providers/A.B/c/d",
  ],
  ["[subscriptionResourceId('A.B/c', 'd')]", "/subscriptions/s/providers/A.B/c/d"],
  ["[reference('/x', '2025-07-01').hostName]", "host of /x"],
  ["[listKeys('/x', '2025-07-01').primaryKey]", "listKeys of /x"],
  ["[if(equals(variables('v'), 'A'), createArray(1, 2)[1], parameters('none'))]", 2],
  ["[parameters('secret')]", "cache!"],
  ["[createObject('a', tenant().tenantId)]", { a: "t" }],
])("The stand-in's expressions: %s", (text, value) => {
  expect(evaluation.value(text)).toEqual(value);
});

test.each([
  ["[parameters('none')]", /parameter 'none' is not found/],
  ["[nonsense('x')]", /function 'nonsense' is not valid/],
  ["[concat('x']", /"\)" was expected/],
  ["[concat('x') y]", /text behind the expression/],
  ["[resourceId('A.B/c', 'd', 'e')]", /has 1 segments and its name has 2/],
  ["[format('{1}', 'x')]", /no value \{1\}/],
])("and what it refuses: %s", (text, message) => {
  expect(() => evaluation.value(text)).toThrow(message);
});
