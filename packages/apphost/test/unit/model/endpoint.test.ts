import { describe, expect, test } from "vitest";
import { allocate, emptyApp } from "../ground.ts";

const properties = ["url", "host", "port", "scheme", "targetPort", "hostAndPort", "tlsEnabled"] as const;

describe("an endpoint", () => {
  const published = {
    url: "{web.bindings.http.url}",
    host: "{web.bindings.http.host}",
    port: "{web.bindings.http.port}",
    scheme: "{web.bindings.http.scheme}",
    targetPort: "{web.bindings.http.targetPort}",
    hostAndPort: "{web.bindings.http.host}:{web.bindings.http.port}",
    tlsEnabled: "{web.bindings.http.tlsEnabled}",
  };
  const seen = {
    container: {
      host: ["http://localhost:4001", "localhost", "4001", "http", "80", "localhost:4001", "false"],
      container: ["http://web:80", "web", "80", "http", "80", "web:80", "false"],
    },
    program: {
      host: ["http://localhost:4001", "localhost", "4001", "http", "4001", "localhost:4001", "false"],
      container: [
        "http://host.docker.internal:4001",
        "host.docker.internal",
        "4001",
        "http",
        "4001",
        "host.docker.internal:4001",
        "false",
      ],
    },
  };

  test.each([
    ["container", "host"],
    ["container", "container"],
    ["program", "host"],
    ["program", "container"],
  ] as const)("of a %s, seen from a %s", async (owner, viewpoint) => {
    const app = emptyApp();
    const web =
      owner === "container"
        ? app.addContainer("web", "nginx").withHttpEndpoint({ targetPort: 80 })
        : app.addExecutable("web", "true", ".").withHttpEndpoint();
    const endpoint = web.getEndpoint("http");
    allocate([endpoint, 4001]);
    expect(properties.map((name) => endpoint.property(name).published)).toEqual(Object.values(published));
    const values = await Promise.all(
      properties.map((name) => endpoint.property(name).resolve({ viewpoint })),
    );
    expect(values).toEqual(seen[owner][viewpoint]);
  });

  test("is waited for until it is known", async () => {
    const endpoint = emptyApp().addExecutable("a", "true", ".").withHttpEndpoint().getEndpoint("http");
    const waiting = endpoint.url.resolve({ viewpoint: "host" });
    allocate([endpoint, 1234]);
    expect(await waiting).toBe("http://localhost:1234");
  });
});

test.each([
  [{ name: "a b" }, "APP_NAME"],
  [{ port: 0 }, "APP_MODEL"],
  [{ port: 65_536 }, "APP_MODEL"],
  [{ targetPort: 1.5 }, "APP_MODEL"],
])("%j is refused", (options, code) => {
  const app = emptyApp().addExecutable("a", "true", ".");
  expect(() => app.withEndpoint(options)).toThrow(expect.objectContaining({ code }));
});

test("two endpoints of one name are refused, and one that is not there is told with those that are", () => {
  const app = emptyApp().addExecutable("a", "true", ".").withHttpEndpoint();
  expect(() => app.withHttpEndpoint({ port: 99 })).toThrow(expect.objectContaining({ code: "APP_NAME" }));
  expect(() => app.getEndpoint("https")).toThrow('has no endpoint "https"; it has http');
});

test("only HTTP endpoints become external", () => {
  const app = emptyApp()
    .addExecutable("a", "true", ".")
    .withHttpEndpoint()
    .withHttpsEndpoint()
    .withEndpoint();
  app.withExternalHttpEndpoints();
  expect(app.endpoints.map(({ name, external, tls }) => [name, external, tls])).toEqual([
    ["http", true, false],
    ["https", true, true],
    ["tcp", false, false],
  ]);
});
