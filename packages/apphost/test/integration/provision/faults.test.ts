import { expect, test } from "vitest";
import { ArmError } from "../../../src/provision/arm-error.ts";
import { provision } from "../../../src/provision/provision.ts";
import { Stage } from "../../standin/stage.ts";
import { cacheUnit, rolesUnit } from "../../standin/templates.ts";

const deployments = /\/deployments\/[^/]+$/;

test("429 is waited for as long as Retry-After says, in seconds and as a date by Azure's own clock", async () => {
  await using stage = await Stage.open();
  // An Azure whose clock is an hour ahead: against our own clock its date would be an hour away.
  stage.azure.mint.skew = 3_600_000;
  const later = new Date(stage.azure.mint.now + 2000).toUTCString();
  stage.azure.fault({
    method: "PUT",
    path: deployments,
    action: { status: 429, headers: { "retry-after": "1" }, body: { error: { code: "TooManyRequests" } } },
  });
  stage.azure.fault({
    method: "PUT",
    path: deployments,
    action: { status: 429, headers: { "retry-after": later } },
  });
  const result = await provision([cacheUnit().unit], stage.options());
  expect(result.ok).toBe(true);
  const puts = stage.azure.requests.filter(({ method, path }) => method === "PUT" && deployments.test(path));
  expect(puts.map(({ status }) => status)).toEqual([429, 429, 201]);
  const [first, second, third] = puts.map(({ at }) => at);
  expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(950);
  expect((third ?? 0) - (second ?? 0)).toBeLessThan(10_000);
  expect(stage.notes.some((note) => /Deploying cache: status 429: trying again in 1 s/.test(note))).toBe(
    true,
  );
});

test("5xx and cut connections are tried again, also when the answer was lost after the deployment had begun", async () => {
  await using stage = await Stage.open();
  stage.azure.fault({ path: /\/resourceGroups\/[^/]+$/, times: 2, action: { status: 503 } });
  stage.azure.fault({ path: /operationStatuses/, times: 2, action: { cut: "before" } });
  stage.azure.fault({ method: "PUT", path: deployments, action: { cut: "after" } });
  stage.azure.work({ id: /redisEnterprise/, takes: 100 });
  const result = await provision([cacheUnit().unit], stage.options());
  expect(result.units[0]?.error).toBeNull();
  expect(result.ok).toBe(true);
  // The lost answer's deployment was waited for, and not doubled while it went.
  expect(stage.azure.requests.some(({ method, status }) => method === "PUT" && status === 409)).toBe(true);
});

test("A server that stays broken is given up, with its status", async () => {
  await using stage = await Stage.open();
  stage.azure.fault({
    method: "PUT",
    path: deployments,
    times: 1000,
    action: {
      status: 500,
      body: { error: { code: "InternalServerError", message: "Encountered internal server error." } },
    },
  });
  const result = await provision(
    [cacheUnit().unit],
    stage.options({ timing: { patience: 200, firstRetry: 10, longestRetry: 20 } }),
  );
  expect(result.units[0]).toMatchObject({
    end: "failed",
    error: { code: "APP_DEPLOY", status: 500, fault: "InternalServerError" },
  });
});

test("A Retry-After beyond all patience is a failure and no wait of hours", async () => {
  await using stage = await Stage.open();
  stage.azure.fault({
    method: "PUT",
    path: deployments,
    action: {
      status: 429,
      headers: { "retry-after": "86400" },
      body: { error: { code: "SubscriptionRequestsThrottled", message: "Number of requests exceeded." } },
    },
  });
  const result = await provision([cacheUnit().unit], stage.options());
  expect(result.units[0]?.error).toMatchObject({ status: 429, fault: "SubscriptionRequestsThrottled" });
});

test("A host that does not answer has a deadline", async () => {
  await using stage = await Stage.open();
  stage.azure.fault({ method: "PUT", path: deployments, times: 100, action: { hang: true } });
  const result = await provision(
    [cacheUnit().unit],
    stage.options({ timing: { request: 1000, patience: 1500, firstRetry: 10 } }),
  );
  expect(result.units[0]?.error).toMatchObject({ code: "TIMEOUT_CONNECT" });
});

test("A token that has ended, or was taken back, is renewed once", async () => {
  await using stage = await Stage.open();
  const release = stage.azure.hold(/redisEnterprise/);
  const going = provision([cacheUnit().unit], stage.options());
  await expect.poll(() => stage.told).toContain("cache: Waiting for Deployment");
  const before = stage.azure.mint.issued.length;
  stage.azure.mint.revokeAll();
  await expect.poll(() => stage.azure.mint.issued.length).toBeGreaterThan(before);
  release();
  expect((await going).ok).toBe(true);
  expect(stage.azure.requests.some(({ status }) => status === 401)).toBe(true);
  expect(stage.azure.mint.issued.length - before).toBe(1);
});

test("A clock that is wrong is named when tokens are refused", async () => {
  await using stage = await Stage.open();
  stage.azure.mint.skew = 7_200_000;
  // A credential that trusts its own clock gives tokens that ended long ago by Azure's.
  stage.azure.mint.lifetime = -3_600_000;
  const failure = provision([cacheUnit().unit], stage.options());
  await expect(failure).rejects.toMatchObject({
    code: "AUTH_FAILED",
    hint: expect.stringMatching(/120 minutes behind Azure's/),
  });
});

test("Long waits go by Azure-AsyncOperation, and where its status is forgotten, by the deployment itself", async () => {
  await using stage = await Stage.open();
  stage.azure.work({ id: /redisEnterprise/, takes: 60 });
  stage.azure.fault({
    path: /operationStatuses/,
    times: 1,
    action: { status: 404, body: { error: { code: "NotFound" } } },
  });
  const result = await provision([cacheUnit().unit], stage.options());
  expect(result.ok).toBe(true);
  expect(stage.asked("GET").filter((path) => path.includes("operationStatuses"))).toHaveLength(1);
  expect(stage.asked("GET").filter((path) => deployments.test(path)).length).toBeGreaterThan(1);
});

test("A failure in the middle ends what depends on it and nothing else; its tree is told flat; the next run does the rest", async () => {
  await using stage = await Stage.open();
  stage.azure.work({
    id: /redisEnterprise\/one-[^/]+$/,
    times: 1,
    error: {
      code: "Conflict",
      message: JSON.stringify({ error: { code: "QuotaExceeded", message: "No room\nin westeurope" } }),
    },
  });
  const [one, two] = [cacheUnit("one"), cacheUnit("two")];
  const units = [
    one.unit,
    two.unit,
    rolesUnit("one-roles", one, { name: "principalId", known: "principalId" }),
  ];
  const first = await provision(units, stage.options());
  expect(first).toMatchObject({
    ok: false,
    units: [
      { name: "one", end: "failed", state: "Failed to Provision" },
      { name: "two", end: "deployed", state: "Running" },
      { name: "one-roles", end: "skipped", state: "Skipped" },
    ],
  });
  const error = first.units[0]?.error;
  expect(error).toBeInstanceOf(ArmError);
  expect(error).toMatchObject({
    message: "Deploying one: QuotaExceeded: No room in westeurope",
    hint: "Ask for more quota, or choose another region.",
  });
  await expect(one.outputs.promise).rejects.toBe(error);

  const [one2, two2] = [cacheUnit("one"), cacheUnit("two")];
  const second = await provision(
    [one2.unit, two2.unit, rolesUnit("one-roles", one2, { name: "principalId", known: "principalId" })],
    stage.options(),
  );
  expect(second.units.map(({ end }) => end)).toEqual(["deployed", "unchanged", "deployed"]);
});

test("A template that Azure refuses at once, or refuses to evaluate, says why", async () => {
  await using stage = await Stage.open();
  const { unit } = cacheUnit();
  const result = await provision([{ ...unit, template: { ...unit.template, surprise: 1 } }], stage.options());
  expect(result.units[0]?.error?.message).toMatch(
    /^Deploying cache: InvalidTemplate: Could not find member 'surprise'/,
  );
});

test("A deployment that somebody cancels is called so", async () => {
  await using stage = await Stage.open();
  stage.azure.hold(/redisEnterprise/);
  const going = provision([cacheUnit().unit], stage.options());
  await expect.poll(() => stage.azure.deployment("cache")?.active).toBe(true);
  stage.azure.deployment("cache")?.cancel();
  expect((await going).units[0]).toMatchObject({ end: "canceled", state: "Azure deployment canceled" });
});

test("An address elsewhere gets no token", async () => {
  await using stage = await Stage.open();
  stage.azure.fault({
    method: "PUT",
    path: deployments,
    action: {
      status: 201,
      headers: { "azure-asyncoperation": "https://elsewhere.example/status" },
      body: { id: "x", properties: { provisioningState: "Running" } },
    },
  });
  const result = await provision([cacheUnit().unit], stage.options());
  expect(result.units[0]?.error?.message).toMatch(/elsewhere\.example, and a token does not go there/);
});
