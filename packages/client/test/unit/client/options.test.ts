import { createClient, type RedoubtError } from "@redoubt/client";
import { describe, expect, test } from "vitest";

const refused = (options: unknown): RedoubtError => {
  try {
    createClient(options as never);
  } catch (error) {
    return error as RedoubtError;
  }
  throw new Error("was accepted");
};

describe("options", () => {
  test("are decided over the connection string", () => {
    const { target } = createClient({
      url: "rediss://user:pw@cache.example.com:6380/1",
      username: "other",
      password: "secret",
      name: "app",
      database: 3,
    });
    expect(target).toMatchObject({
      username: "other",
      clientName: "app",
      database: 3,
      tls: { enabled: true },
    });
    expect(target.password?.reveal()).toBe("secret");
    expect(target.endpoints).toEqual([{ host: "cache.example.com", port: 6380 }]);
  });

  test("without any, the server is the local one", () => {
    expect(createClient().target.endpoints).toEqual([{ host: "localhost", port: 6379 }]);
  });

  test("socket.tls switches TLS on, and never off behind the back of the string", () => {
    expect(createClient({ socket: { host: "h", port: 1, tls: true } }).target.tls).toMatchObject({
      enabled: true,
      servername: null,
    });
    expect(createClient({ url: "redis://h", tls: { verify: "ca" } }).target.tls.enabled).toBe(false);
    expect(refused({ url: "rediss://h", socket: { tls: false } })).toMatchObject({ code: "CONFIG_INSECURE" });
  });

  test.each([
    [{ ulr: "redis://h" }, /ulr.*did you mean url/],
    [{ host: "h" }, /socket\.host/],
    [{ socket: { prot: 1 } }, /socket\.prot.*port/],
    [{ tls: { rejectUnauthorized: false } }, /dangerouslySkipVerification/],
    [{ socket: { tls: { checkServerIdentity: () => undefined } } }, /certificateValidation/],
    [{ commandOptions: { timout: 1 } }, /timeout/],
  ])("an unknown one is refused with advice: %j", (options, advice) => {
    const error = refused(options);
    expect(error.code).toBe("CONFIG_UNKNOWN_KEY");
    expect(error.message).toMatch(advice);
  });

  test.each([
    [{ database: -1 }],
    [{ database: 1.5 }],
    [{ socket: { connectTimeout: -1 } }],
    [{ socket: { connectTimeout: Number.NaN } }],
    [{ commandOptions: { timeout: "5s" } }],
    [{ commandOptions: { typeMapping: { 58: String } } }],
  ])("a bad value is refused: %j", (options) => {
    expect(refused(options).code).toBe("CONFIG_INVALID_VALUE");
  });

  test("a string for Sentinel makes a client that asks the Sentinels", () => {
    const { target } = createClient("sentinel1,sentinel2,serviceName=mymaster");
    expect(target.sentinel?.masterName).toBe("mymaster");
    expect(target.endpoints.map(({ port }) => port)).toEqual([26379, 26379]);
  });
});
