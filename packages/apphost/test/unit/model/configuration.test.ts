import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { Configuration } from "../../../src/model/configuration.ts";
import { UserSecrets } from "../../../src/secrets/user-secrets.ts";
import { emptyApp, emptyFolder } from "../ground.ts";

const secrets = () => new UserSecrets(join(emptyFolder(), "kept", "secrets.json"));

describe("layers", () => {
  test("later ones win: files, what is kept, the environment, the command line", () => {
    const kept = secrets();
    const key = "Azure:Location";
    const files: unknown[] = [];
    const environment: NodeJS.ProcessEnv = {};
    const args: string[] = [];
    const read = () => {
      const configuration = new Configuration({ files, secrets: kept, environment, args });
      return [configuration.get(key), configuration.origin(key)];
    };
    expect(read()).toEqual([undefined, undefined]);
    files.push({ Azure: { Location: "file" } });
    expect(read()).toEqual(["file", "file"]);
    files.push({ Azure__Location: "second file" });
    expect(read()).toEqual(["second file", "file"]);
    kept.set("azure:location", "kept");
    expect(read()).toEqual(["kept", "secrets"]);
    environment["AZURE__LOCATION"] = "environment";
    expect(read()).toEqual(["environment", "environment"]);
    args.push("--azure:location", "argument");
    expect(read()).toEqual(["argument", "arguments"]);
  });

  test("a section has the last value of each of its keys", () => {
    const configuration = new Configuration({
      files: [{ Azure: { Location: "a", SubscriptionId: "b", Tags: ["x", "y"], Nothing: null } }],
      secrets: secrets(),
      environment: { AZURE__LOCATION: "c" },
    });
    expect(Object.fromEntries(configuration.section("azure"))).toEqual({
      LOCATION: "c",
      SubscriptionId: "b",
      "Tags:0": "x",
      "Tags:1": "y",
    });
  });

  test.each([
    [["--a:b=1"], "1"],
    [["--a:b", "1"], "1"],
    [["--A__B", "1"], "1"],
    [["word", "--a:b=x=y"], "x=y"],
    [["--a:b", "--c"], undefined],
    [["a:b=1"], undefined],
    [["--"], undefined],
  ])("the words %j", (args, value) => {
    expect(new Configuration({ secrets: secrets(), environment: {}, args }).get("a:b")).toBe(value);
  });
});

describe("files beside the app's file", () => {
  test("are read, that of the environment later", () => {
    const folder = emptyFolder();
    writeFileSync(join(folder, "redoubt.json"), '{"Parameters":{"a":"1","b":"1"}}');
    writeFileSync(join(folder, "redoubt.production.json"), '{"Parameters":{"b":"2"}}');
    const file = join(folder, "apphost.ts");
    expect(emptyApp("run", { file }).configuration.get("Parameters:b")).toBe("1");
    const published = emptyApp("publish", { file }).configuration;
    expect([published.get("Parameters:a"), published.get("Parameters:b")]).toEqual(["1", "2"]);
  });

  test("that cannot be read are told without what is in them", () => {
    const folder = emptyFolder();
    writeFileSync(join(folder, "redoubt.json"), '{"Parameters":{"p":"tell-nobody",');
    const call = () => emptyApp("run", { file: join(folder, "apphost.ts") });
    expect(call).toThrow(expect.objectContaining({ code: "CONFIG_SYNTAX" }));
    expect(call).not.toThrow("tell-nobody");
  });
});

describe("what is kept", () => {
  test("is for this user alone", () => {
    const kept = secrets();
    kept.set("Parameters:a", "1");
    expect(statSync(kept.file).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(kept.file)).mode & 0o777).toBe(0o700);
  });

  test("is replaced and deleted without regard to case", () => {
    const kept = secrets();
    kept.set("Parameters:a", "1");
    kept.set("parameters:A", "2");
    expect([...kept.all()]).toEqual([["parameters:A", "2"]]);
    kept.delete("PARAMETERS:a");
    kept.delete("PARAMETERS:a");
    expect(kept.all().size).toBe(0);
  });

  test.each([
    ["no JSON tell-nobody", "is no JSON"],
    ['["tell-nobody"]', "is no JSON object"],
    ['{"a":{"b":"tell-nobody"}}', 'no text at "a"'],
  ])("in a file that somebody changed: %s", (text, words) => {
    const kept = secrets();
    mkdirSync(dirname(kept.file), { recursive: true });
    writeFileSync(kept.file, text);
    const call = () => kept.get("a");
    expect(call).toThrow(
      expect.objectContaining({ code: "APP_STATE", message: expect.stringContaining(words) }),
    );
    expect(call).not.toThrow("tell-nobody");
  });

  test("in a folder that is none, is told", () => {
    const folder = emptyFolder();
    writeFileSync(join(folder, "file"), "");
    const kept = new UserSecrets(join(folder, "file", "secrets.json"));
    expect(() => kept.set("a", "b")).toThrow(expect.objectContaining({ code: "APP_STATE" }));
  });
});
