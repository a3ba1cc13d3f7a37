import { expect, test } from "vitest";
import { deployedTo, destroy, provision } from "../../../src/provision/provision.ts";
import type { Choice, Questions } from "../../../src/provision/questions.ts";
import { Stage } from "../../standin/stage.ts";
import { cacheUnit } from "../../standin/templates.ts";

/** Somebody who takes what is called so, and what is proposed. */
class Person implements Questions {
  readonly asked: string[] = [];
  choices: Record<string, readonly Choice[]> = {};
  readonly #answers: Readonly<Record<string, string>>;

  constructor(answers: Readonly<Record<string, string>>) {
    this.#answers = answers;
  }

  choose(question: string, choices: readonly Choice[]): Promise<string> {
    this.asked.push(question);
    this.choices[question] = choices;
    const found = choices.find(({ label }) => label === this.#answers[question]);
    return found === undefined
      ? Promise.reject(new Error(`no ${this.#answers[question]}`))
      : Promise.resolve(found.value);
  }

  text(question: string, { initial }: { readonly initial?: string }): Promise<string> {
    this.asked.push(question);
    return Promise.resolve(this.#answers[question] ?? initial ?? "");
  }

  confirm(): Promise<boolean> {
    return Promise.resolve(true);
  }
}

const unset = { "Azure:SubscriptionId": "", "Azure:Location": "" };

test("What is not configured is asked for, from lists that Azure gives, page by page; once", async () => {
  await using stage = await Stage.open();
  const person = new Person({
    Subscription: "Stand-in",
    Region: "Sweden Central",
    "Resource group": "rg-typed",
  });
  const result = await provision([cacheUnit().unit], stage.options({ questions: person }, unset));
  expect(result.ok).toBe(true);
  expect(person.asked).toEqual(["Subscription", "Region", "Resource group"]);
  expect(person.choices["Subscription"]?.map(({ label }) => label)).toEqual(["Another", "Stand-in", "Third"]);
  expect(person.choices["Region"]?.map(({ value }) => value)).toEqual([
    "northeurope",
    "swedencentral",
    "westeurope",
  ]);
  expect([...stage.azure.store.groups.values()]).toMatchObject([
    { name: "rg-typed", location: "swedencentral" },
  ]);
  const again = new Person({});
  expect(
    (await provision([cacheUnit().unit], stage.options({ questions: again }, unset))).units[0]?.end,
  ).toBe("unchanged");
  expect(again.asked).toEqual([]);
});

test("Where nobody can be asked, the missing key is named before anybody logs in", async () => {
  await using stage = await Stage.open();
  const missing = (key: string) => ({
    code: "CONFIG_MISSING",
    message: `${key} is not set`,
    hint: expect.stringContaining(key.replace(":", "__")),
  });
  await expect(provision([], stage.options({}, unset))).rejects.toMatchObject(
    missing("Azure:SubscriptionId"),
  );
  await expect(provision([], stage.options({}, { "Azure:Location": "" }))).rejects.toMatchObject(
    missing("Azure:Location"),
  );
  expect(stage.azure.mint.issued).toEqual([]);
});

test("A group that was named is made only where that is allowed", async () => {
  await using stage = await Stage.open();
  const named = { "Azure:ResourceGroup": "rg-named" };
  await expect(provision([], stage.options({}, named))).rejects.toMatchObject({
    code: "APP_DEPLOY",
    message: expect.stringContaining("There is no resource group rg-named"),
    hint: expect.stringContaining("Azure:AllowResourceGroupCreation"),
  });
  await provision([], stage.options({}, { ...named, "Azure:AllowResourceGroupCreation": "true" }));
  expect([...stage.azure.store.groups.values()].map(({ name }) => name)).toEqual(["rg-named"]);
  await expect(
    provision(
      [],
      stage.options(
        { mode: "deploy" },
        { "Azure:ResourceGroup": "rg-other", "Azure:AllowResourceGroupCreation": "false" },
      ),
    ),
  ).rejects.toMatchObject({ code: "APP_DEPLOY" });
});

test("A group that cannot be read is not taken for absent", async () => {
  await using stage = await Stage.open();
  stage.azure.fault({
    method: "GET",
    path: /resourceGroups/,
    action: {
      status: 403,
      body: { error: { code: "AuthorizationFailed", message: "The client does not have authorization." } },
    },
  });
  await expect(provision([], stage.options())).rejects.toMatchObject({
    code: "APP_DEPLOY",
    fault: "AuthorizationFailed",
    hint: expect.stringContaining("Contributor"),
  });
  expect(stage.asked("PUT")).toEqual([]);
});

test("A subscription that this login does not see is called so", async () => {
  await using stage = await Stage.open();
  const other = { "Azure:SubscriptionId": "00000000-0000-0000-0000-000000000001" };
  await expect(provision([], stage.options({}, other))).rejects.toMatchObject({
    fault: "SubscriptionNotFound",
    hint: expect.stringContaining("Azure:SubscriptionId"),
  });
});

test("A template of a subscription, and one that says where, go there", async () => {
  await using stage = await Stage.open();
  const made = {
    ...cacheUnit().unit,
    name: "groups",
    parameters: [],
    scope: { kind: "subscription" as const },
    template: {
      $schema: "https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#",
      contentVersion: "1.0.0.0",
      resources: [
        {
          type: "Microsoft.Resources/resourceGroups",
          apiVersion: "2024-03-01",
          name: "rg-shared",
          location: "northeurope",
        },
      ],
    },
  };
  const cache = {
    ...cacheUnit().unit,
    parameters: [],
    needs: ["groups"],
    scope: () => Promise.resolve({ kind: "group" as const, group: "rg-shared" }),
  };
  const result = await provision([cache, made], stage.options());
  expect(result.units.map(({ error }) => error)).toEqual([null, null]);
  expect(result.units[0]?.deployment).toContain("/resourceGroups/rg-shared/");
  expect(result.units[0]?.outputs["hostName"]).toMatch(/\.northeurope\.redis/);
});

test("destroy removes the group that was made for the app, and no other", async () => {
  await using stage = await Stage.open();
  expect(await destroy(stage.options())).toBeNull();
  await provision([cacheUnit().unit], stage.options());
  expect(await deployedTo(stage.options())).toMatchObject({ groupIsOurs: true });
  expect(await destroy(stage.options())).toMatchObject({
    group: expect.stringMatching(/^rg-redoubt-todos-/),
  });
  expect(stage.azure.store.groups.size).toBe(0);
  expect(stage.azure.store.all()).toEqual([]);
  expect(await deployedTo(stage.options())).toBeNull();

  stage.azure.store.groups.set(`${stage.azure.subscription}/rg-mine`, {
    name: "rg-mine",
    location: "westeurope",
    tags: {},
  });
  await provision([cacheUnit().unit], stage.options({}, { "Azure:ResourceGroup": "rg-mine" }));
  await expect(destroy(stage.options())).rejects.toMatchObject({
    code: "APP_DEPLOY",
    message: expect.stringContaining("was not made by Redoubt"),
  });
  expect(stage.azure.store.groups.size).toBe(1);
});
