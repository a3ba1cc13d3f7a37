import { RedoubtError } from "@redoubt/client";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { changedConfig, readChanges } from "../../../src/catalog/assignment.ts";
import { optionNames } from "../../../src/catalog/option-table.ts";
import { serviceTypeNames } from "../../../src/catalog/service-types.ts";
import { refusedTexts, takenTexts, typeOf } from "./option-cases.ts";

function failure(action: () => unknown): RedoubtError {
  try {
    action();
  } catch (error) {
    if (error instanceof RedoubtError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

const everyOption = serviceTypeNames.flatMap((service) =>
  optionNames(service).map((name) => [service, name] as const),
);

describe("every option", () => {
  test.each(everyOption)(
    "%s %s: what it takes is read, what it does not is refused with key and range",
    (service, name) => {
      const type = typeOf(service, name);
      const [option = "", field] = name.split(".");
      for (const [text, value] of takenTexts(type)) {
        const changes = readChanges(service, [`${name}=${text}`], []);
        expect(changes, text).toEqual({ [option]: field === undefined ? value : { [field]: value } });
      }
      expect(refusedTexts(type).length).toBeGreaterThan(0);
      for (const text of refusedTexts(type)) {
        const error = failure(() =>
          changedConfig(service, {}, readChanges(service, [`${name}=${text}`], []), "create"),
        );
        expect(error.code, text).toMatch(/^CONFIG_(INVALID_VALUE|UNKNOWN_KEY)$/);
        expect(error.message, text).toContain(option);
        if (error.code === "CONFIG_INVALID_VALUE") expect(error.message).toContain("takes ");
      }
    },
  );
});

describe("readChanges", () => {
  test("the seed's line", () => {
    expect(readChanges("redis", ["redis_ssl=false"], [])).toEqual({ redis_ssl: false });
  });

  test("the later one wins, and fields of a group come together", () => {
    expect(readChanges("redis", ["redis_timeout=1", "redis_timeout=2"], [])).toEqual({ redis_timeout: 2 });
    expect(
      readChanges(
        "redis",
        ["public_access.redis=yes", "public_access.prometheus=off", "public_access.redis=0"],
        [],
      ),
    ).toEqual({ public_access: { redis: false, prometheus: false } });
  });

  test("a value may hold the sign =", () => {
    expect(readChanges("redis", ["migration.username=a=b=c"], [])).toEqual({
      migration: { username: "a=b=c" },
    });
  });

  test.each([
    ["redis_sll=false", "redis_ssl"],
    ["redis_maxmemory_polcy=noeviction", "redis_maxmemory_policy"],
    ["valkey_ssl=false", "redis_ssl"],
    ["ssl=false", "redis_ssl"],
    ["public_access.rediss=true", "public_access.redis"],
  ])("%s: did you mean %s", (text, near) => {
    const error = failure(() => readChanges("redis", [text], []));
    expect(error.code).toBe("CONFIG_UNKNOWN_KEY");
    expect(error.hint).toContain(`Did you mean ${near}?`);
    expect(error.hint).toContain("ip_filter");
  });

  test("no =: says what is taken, and where it ends", () => {
    const error = failure(() => readChanges("redis", ["redis_ssl"], []));
    expect([error.code, error.position]).toEqual(["CONFIG_SYNTAX", 9]);
  });

  test("the position is where the value begins to be wrong", () => {
    expect(failure(() => readChanges("redis", ["redis_timeout=-5"], [])).position).toBe(14);
    expect(failure(() => readChanges("redis", ['ip_filter=["10.0.0.0/8"'], [])).position).toBe(23);
  });

  test("a password is in no error", () => {
    const secret = "correct-horse\nbattery";
    const group = `{"host": "h", "port": 1, "password": ${JSON.stringify(secret)}`;
    for (const text of [`migration.password=${secret}`, `migration=${group}`, `migration=${group}}`]) {
      const error = failure(() => changedConfig("redis", {}, readChanges("redis", [text], []), "update"));
      expect(`${error.message} ${error.hint}`).not.toContain("horse");
    }
  });

  test("what was given in the place of a name is not repeated where it is none", () => {
    const error = failure(() => readChanges("redis", ["rediss://:horse@example.com=1"], []));
    expect(`${error.message} ${error.hint}`).not.toContain("horse");
  });

  test("--remove-option takes back, and not together with -c", () => {
    expect(readChanges("redis", [], ["redis_version"])).toEqual({ redis_version: null });
    expect(failure(() => readChanges("redis", ["redis_ssl=1"], ["redis_ssl"])).code).toBe("CONFIG_AMBIGUOUS");
    expect(failure(() => readChanges("redis", [], ["redis_sls"])).hint).toContain("redis_ssl");
    expect(failure(() => readChanges("redis", [], ["migration.host"])).code).toBe("CONFIG_SYNTAX");
  });

  test("any text is read or refused with a code", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...optionNames("redis")),
        fc.oneof(fc.string(), fc.json(), fc.stringMatching(/^[[{'"a-z0-9,:./ -]*$/)),
        (name, text) => {
          try {
            changedConfig("redis", {}, readChanges("redis", [`${name}=${text}`], []), "create");
          } catch (error) {
            if (!(error instanceof RedoubtError)) throw error;
          }
        },
      ),
    );
  });

  test("what is set is what is read back from its JSON", () => {
    const networks = fc.array(
      fc.record({
        network: fc.ipV4().map((address) => `${address}/32`),
        description: fc.string({ maxLength: 40 }),
      }),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(networks, (filter) => {
        const text = `ip_filter=${JSON.stringify(filter)}`;
        expect(readChanges("redis", [text], [])).toEqual({ ip_filter: filter });
      }),
    );
  });
});

describe("changedConfig", () => {
  test("sets, merges groups, and forgets what becomes null", () => {
    const before = { redis_timeout: 5, public_access: { redis: true } };
    const changes = { redis_timeout: null, redis_ssl: false, public_access: { prometheus: true } };
    expect(changedConfig("redis", before, changes, "update")).toEqual({
      redis_ssl: false,
      public_access: { redis: true, prometheus: true },
    });
    expect(before).toEqual({ redis_timeout: 5, public_access: { redis: true } });
  });

  test("a group wants what it needs", () => {
    const error = failure(() => changedConfig("redis", {}, { migration: { host: "h" } }, "update"));
    expect([error.code, error.message]).toEqual(["CONFIG_MISSING", "migration needs port."]);
    expect(
      changedConfig("redis", { migration: { host: "h", port: 1 } }, { migration: { port: 2 } }, "update"),
    ).toEqual({ migration: { host: "h", port: 2 } });
  });

  test("some options are for create only", () => {
    const changes = { service_to_fork_from: "other" };
    expect(changedConfig("redis", {}, changes, "create")).toEqual(changes);
    expect(failure(() => changedConfig("redis", {}, changes, "update")).code).toBe("CONFIG_INVALID_VALUE");
  });

  test("a name from the prototype is no option", () => {
    for (const name of ["constructor", "__proto__", "toString"])
      expect(failure(() => readChanges("redis", [`${name}=1`], [])).code).toBe("CONFIG_UNKNOWN_KEY");
    expect(failure(() => readChanges("redis", ["public_access.constructor=1"], [])).code).toBe(
      "CONFIG_UNKNOWN_KEY",
    );
  });
});
