import { expect, test } from "vitest";
import { inherited } from "../../../src/run/life/environment.ts";

test("what is meant for the host, and values of the app, are not inherited", () => {
  const environment = {
    PATH: "/bin",
    Parameters__key: "1",
    PARAMETERS__OTHER: "2",
    ConnectionStrings__cache: "3",
    REDOUBT_APPHOST: "run",
    REDOUBT_APPHOST_OPTIONS: "{}",
    REDOUBT_HOME: "/home",
    EMPTY: "",
    ABSENT: undefined,
  };
  expect(inherited(environment)).toEqual({ PATH: "/bin", REDOUBT_HOME: "/home", EMPTY: "" });
});
