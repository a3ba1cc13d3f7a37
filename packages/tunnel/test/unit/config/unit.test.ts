import { expect, test } from "vitest";
import { tunnelUnit } from "../../../src/config/unit.ts";

test("the unit starts the tunnel with as little as it needs", () => {
  const unit = tunnelUnit({ config: "/etc/redoubt/a.yaml", environmentFile: "/etc/redoubt/env" });
  expect(unit).toContain("LoadCredential=tunnel.yaml:/etc/redoubt/a.yaml\n");
  expect(unit).toContain("ExecStart=/usr/bin/redoubt tunnel --config ${CREDENTIALS_DIRECTORY}/tunnel.yaml\n");
  expect(unit).toContain("EnvironmentFile=/etc/redoubt/env\n");
  for (const line of [
    "DynamicUser=yes",
    "ProtectSystem=strict",
    "NoNewPrivileges=yes",
    "CapabilityBoundingSet=",
  ])
    expect(unit.split("\n")).toContain(line);
  // No key twice in a section, but the two of the filter.
  const keys = unit
    .split("\n")
    .filter((line) => /^\w+=/.test(line))
    .map((line) => line.split("=")[0]);
  expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual(["SystemCallFilter"]);
});

test.each(["relative.yaml", "/with blank", "/with%n", "/with$x", "/with\nline"])(
  "%j is no path for a unit",
  (config) => {
    expect(() => tunnelUnit({ config })).toThrow("is no absolute path");
  },
);
