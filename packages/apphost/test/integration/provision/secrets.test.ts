import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { dryRun, provision } from "../../../src/provision/provision.ts";
import type { Unit, WantedSecret } from "../../../src/provision/unit.ts";
import { Stage } from "../../standin/stage.ts";
import {
  Box,
  cacheUnit,
  fixed,
  from,
  keyedTemplate,
  vaultRolesTemplate,
  vaultTemplate,
} from "../../standin/templates.ts";

const password = "correct horse, battery & staple 'ü'";

/** A cache with access keys, its vault, and the role that lets the developer read there. */
function keyed(secrets: readonly WantedSecret[] = []) {
  const kv = new Box<Readonly<Record<string, unknown>>>();
  const vault: Unit = {
    name: "cache-kv",
    type: "azure-key-vault",
    template: vaultTemplate,
    parameters: [],
    scope: { kind: "group" },
    needs: [],
    settled: kv.set,
    failed: kv.fail,
  };
  const roles: Unit = {
    ...vault,
    name: "cache-kv-roles",
    template: vaultRolesTemplate,
    parameters: [
      from("kv_outputs_name", kv, "name"),
      { name: "principalId", known: "principalId" },
      { name: "principalType", known: "principalType" },
    ],
    needs: ["cache-kv"],
    rolesOf: "cache-kv",
    settled: () => {},
    failed: () => {},
  };
  const cache = cacheUnit("cache", keyedTemplate());
  const unit: Unit = {
    ...cache.unit,
    parameters: [from("kv_outputs_name", kv, "name"), fixed("password", password, true)],
    needs: ["cache-kv"],
    secrets,
  };
  return [vault, roles, unit] as const;
}

function wanted(name: string): { readonly secret: WantedSecret; readonly value: Box<string> } {
  const value = new Box<string>();
  return { secret: { name, vault: "cache-kv", known: value.set, failed: value.fail }, value };
}

/** All files below a folder, as text. */
async function texts(folder: string): Promise<string> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((each) =>
    each.isFile(),
  );
  return (await Promise.all(files.map((each) => readFile(join(each.parentPath, each.name), "utf8")))).join(
    "\n",
  );
}

test("Secrets are read when the role has come through, and then the cache is running", async () => {
  await using stage = await Stage.open({ propagation: 1500 });
  const [strings, own] = [wanted("connectionstrings--cache"), wanted("own--cache")];
  const result = await provision(keyed([strings.secret, own.secret]), stage.options());
  expect(result.units.map(({ error }) => error)).toEqual([null, null, null]);
  expect(await own.value.promise).toBe(password);
  expect(await strings.value.promise).toMatch(
    /^cache-[a-z2-7]{13}\.westeurope\.redis\.azure\.net:10000,ssl=true,password=.{40,}=$/,
  );
  expect(stage.azure.vaultRequests.some(({ status }) => status === 403)).toBe(true);
  expect(stage.notes).toContainEqual(
    expect.stringMatching(/^The secret own--cache cannot be read yet \(Forbidden\)/),
  );
});

test("A secret that is never let out fails the cache with a deadline", async () => {
  await using stage = await Stage.open({ propagation: 60_000 });
  const own = wanted("own--cache");
  const result = await provision(
    keyed([own.secret]),
    stage.options({ timing: { poll: 10, longestPoll: 20, secret: 200 } }),
  );
  expect(result.units.at(-1)).toMatchObject({ end: "failed", error: { status: 403, fault: "Forbidden" } });
  await expect(own.value.promise).rejects.toMatchObject({ fault: "Forbidden" });
});

test("No secret is in the state, in events, in results, in errors or in a dry run", async () => {
  await using stage = await Stage.open();
  const strings = wanted("connectionstrings--cache");
  const results: unknown[] = [await provision(keyed([strings.secret]), stage.options())];
  // Azure quotes the secret in an error, as providers do.
  const quoted = {
    code: "BadRequest",
    message: `The value '${password}' (${encodeURIComponent(password)}) of {"password":${JSON.stringify(password)}} is not good`,
  };
  stage.azure.work({ id: /redisEnterprise\/cache-[^/]+$/, error: quoted });
  const [vault, roles, unit] = keyed([strings.secret]);
  const changed = { ...unit, template: { ...unit.template, contentVersion: "1.0.0.1" } };
  results.push(await dryRun([vault, roles, changed], stage.options()));
  const failed = await provision([vault, roles, changed], stage.options());
  results.push(failed);
  expect(failed.units[2]?.error?.message).toContain("*****");
  const key = (await strings.value.promise).split("password=")[1] ?? "";
  const all = [
    inspect([results, stage.events], { depth: 20, maxStringLength: null }),
    JSON.stringify([results, stage.events]),
    await texts(stage.home),
  ];
  const hidden = [
    password,
    encodeURIComponent(password),
    Buffer.from(password).toString("base64"),
    JSON.stringify(password).slice(1, -1),
    key,
    ...stage.azure.mint.issued,
  ];
  expect(hidden.every((each) => each.length > 20)).toBe(true);
  for (const text of all) {
    expect(text.length).toBeGreaterThan(500);
    for (const secret of hidden)
      expect(
        text.includes(secret)
          ? text.slice(Math.max(0, text.indexOf(secret) - 200), text.indexOf(secret) + 20)
          : "",
      ).toBe("");
  }
});

test("An output with a secret in it is not written down, and read from Azure again where nothing has changed", async () => {
  await using stage = await Stage.open();
  const cache = cacheUnit();
  const unit: Unit = {
    ...cache.unit,
    parameters: [fixed("password", password, true)],
    template: {
      ...cache.unit.template,
      parameters: {
        password: { type: "securestring" },
        location: { type: "string", defaultValue: "westeurope" },
      },
      outputs: { leak: { type: "string", value: "[concat('pw=', parameters('password'))]" } },
    },
  };
  await provision([unit], stage.options());
  expect(await texts(stage.home)).not.toContain(password);
  const again = new Box<Readonly<Record<string, unknown>>>();
  const second = await provision([{ ...unit, settled: again.set }], stage.options());
  expect(second.units[0]?.end).toBe("unchanged");
  expect((await again.promise)["leak"]).toBe(`pw=${password}`);
});

test("Another secret is another deployment; which one it was cannot be told from the state", async () => {
  await using stage = await Stage.open();
  const units = keyed();
  await provision(units, stage.options());
  const same = await provision(keyed(), stage.options());
  expect(same.units.map(({ end }) => end)).toEqual(["unchanged", "unchanged", "unchanged"]);
  const [vault, roles, unit] = keyed();
  const [first, ...rest] = unit.parameters;
  if (first === undefined) throw new Error("it has parameters");
  const other = {
    ...unit,
    parameters: [first, ...rest.slice(1), fixed("password", "another password", true)],
  };
  const changed = await provision([vault, roles, other], stage.options());
  expect(changed.units.map(({ end }) => end)).toEqual(["unchanged", "unchanged", "deployed"]);
});
