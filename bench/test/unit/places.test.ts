import { expect, test } from "vitest";
import { otherNodeShapes, placesOf } from "../../src/places.ts";
import { shapes } from "../../src/shapes/table.ts";

const all = Object.keys(shapes);

test("over TLS everything is measured, over TCP what has a goal or is measured once", () => {
  const places = placesOf(["tls", "tcp"], all, false);
  const over = (transport: string) =>
    places.filter((place) => place.transport === transport).map(({ shape }) => shape);
  expect(over("tls")).toEqual(all);
  expect(over("tcp")).toContain("get64kbuf");
  expect(over("tcp")).toContain("pub1k");
  expect(over("tcp")).not.toContain("idle");
  expect(over("tcp")).not.toContain("resident16m");
});

test("what is asked for by name is measured", () => {
  expect(placesOf(["tcp"], ["idle"], true)).toEqual([{ transport: "tcp", shape: "idle" }]);
  expect(placesOf(["tcp"], ["resident16m"], false)).toHaveLength(1);
});

test("what other Nodes are measured in is in the table", () => {
  for (const name of otherNodeShapes) expect(shapes[name]).toBeDefined();
});
