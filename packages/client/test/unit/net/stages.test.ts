import { describe, expect, test } from "vitest";
import { RedoubtError } from "../../../src/errors.ts";
import type { Stage } from "../../../src/net/report.ts";
import { Stages } from "../../../src/net/stages.ts";

const endpoint = { host: "cache.example", port: 6380 };
const never = () => new Promise<never>(() => {});

describe("errors get stage and address", () => {
  const failing = async (error: Error) => {
    const stages = new Stages(endpoint, { connectTimeout: 1000 });
    const failure = stages.run(
      "auth",
      () => Promise.reject(error),
      () => "",
    );
    const found = (await failure.catch((reason: unknown) => reason)) as RedoubtError;
    stages.end();
    return { found, ended: stages.ended };
  };

  test("of our own, keeping code, hint and cause", async () => {
    const cause = new Error("deep");
    const { found, ended } = await failing(new RedoubtError("AUTH_FAILED", "no", { hint: "try", cause }));
    expect(found).toMatchObject({
      code: "AUTH_FAILED",
      stage: "auth",
      address: "cache.example:6380",
      hint: "try",
      cause,
    });
    expect(ended).toMatchObject([{ name: "auth", ok: false, detail: "no" }]);
  });

  test("TLS failures belong to TLS, also when they come late", async () => {
    expect((await failing(new RedoubtError("TLS_CLIENT_CERTIFICATE_REQUIRED", "no"))).found.stage).toBe(
      "tls",
    );
  });

  test("of others", async () => {
    const { found } = await failing(new TypeError("odd"));
    expect(found).toMatchObject({ code: "TCP_FAILED", stage: "auth", message: "cache.example:6380: odd" });
  });
});

test("the deadline counts over stages, and each stage has its code", async () => {
  const cases = [
    ["dns", "TIMEOUT_CONNECT"],
    ["tcp", "TCP_TIMEOUT"],
    ["tls", "TLS_HANDSHAKE_TIMEOUT"],
    ["auth", "TIMEOUT_CONNECT"],
    ["setup", "TIMEOUT_CONNECT"],
  ] as const;
  const fails = async (name: (typeof cases)[number][0], code: string): Promise<void> => {
    const seen: Stage[] = [];
    const stages = new Stages(endpoint, { connectTimeout: 3000, onStage: (stage) => seen.push(stage) });
    const start = performance.now();
    await stages.run(
      "dns",
      () => new Promise<void>((resolve) => setTimeout(resolve, 2500)),
      () => "done",
    );
    await expect(stages.run(name, never, () => "")).rejects.toMatchObject({ code, stage: name });
    // A TLS handshake may find out a little longer what is wrong.
    expect(performance.now() - start).toBeLessThan(5400);
    expect(seen.map(({ ok }) => ok)).toEqual([true, false]);
    stages.end();
  };
  await Promise.all(cases.map(([name, code]) => fails(name, code)));
});

test("work that fails after the deadline disturbs nobody", async () => {
  const stages = new Stages(endpoint, { connectTimeout: 100 });
  const late = () => new Promise<never>((_, reject) => setTimeout(() => reject(new Error("late")), 2000));
  await expect(stages.run("dns", late, () => "")).rejects.toMatchObject({ code: "TIMEOUT_CONNECT" });
  // An unhandled rejection would fail the run.
  await new Promise((resolve) => setTimeout(resolve, 2100));
  stages.end();
});
