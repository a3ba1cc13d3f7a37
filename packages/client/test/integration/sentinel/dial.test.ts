import { dial, parse, type Stage } from "@redoubt/client";
import { startSentinels } from "@redoubt/server";
import { expect, test } from "vitest";

test("dialling a string for Sentinel opens a connection to the master, and tells that one's stages", async () => {
  await using watched = await startSentinels({ replicas: 1, sentinels: 1, quorum: 1 });
  const stages: Stage[] = [];
  const { report, close } = await dial(parse(watched.uri), { onStage: (stage) => stages.push(stage) });
  close();
  expect(report.server).toMatchObject({ mode: "standalone", role: "master" });
  expect(stages.map(({ name, ok }) => `${name} ${ok}`)).toEqual(
    report.stages.map(({ name }) => `${name} true`),
  );
});
