import { expect, test } from "vitest";
import { Admission } from "../../../src/listen/admission.ts";

test("places are given back, all together and for each address", () => {
  const admission = new Admission({ connections: 2, connectionsPerAddress: 1 }, 0);
  expect([admission.enter(), admission.enter(), admission.enter()]).toEqual([
    null,
    null,
    "too-many-connections",
  ]);
  expect([admission.enterFrom("a"), admission.enterFrom("a"), admission.enterFrom("b")]).toEqual([
    null,
    "too-many-from-address",
    null,
  ]);
  admission.leave();
  admission.leaveFrom("a");
  expect([admission.open, admission.enter(), admission.enterFrom("a")]).toEqual([1, null, null]);
});

test("without limits nobody waits", () => {
  const admission = new Admission({}, 0);
  expect([admission.turn(0, 0), admission.turn(0, 0)]).toEqual([0, 0]);
});
