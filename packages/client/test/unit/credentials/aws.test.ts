import { awsCredentials } from "@redoubt/client";
import { afterEach, describe, expect, test, vi } from "vitest";
import { presign } from "../../../src/credentials/aws-signature.ts";

afterEach(() => vi.unstubAllEnvs());

/** The key of AWS's own examples. */
const example = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
};

describe("the signature", () => {
  test("is that of AWS's worked example (S3, authenticating requests with query parameters)", () => {
    const signed = presign(example, {
      host: "examplebucket.s3.amazonaws.com",
      path: "/test.txt",
      query: {},
      service: "s3",
      region: "us-east-1",
      expiresIn: 86_400,
      date: new Date("2013-05-24T00:00:00Z"),
      payloadHash: "UNSIGNED-PAYLOAD",
    });
    expect(signed).toBe(
      "examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256" +
        "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z" +
        "&X-Amz-Expires=86400&X-Amz-SignedHeaders=host" +
        "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
    );
  });

  test("covers user, action and session token, in the order of their names", () => {
    const signed = presign(
      { ...example, sessionToken: "session/token==" },
      {
        host: "cache",
        query: { Action: "connect", User: "a b" },
        service: "elasticache",
        region: "eu-central-1",
        expiresIn: 900,
        date: new Date("2026-01-01T00:00:00Z"),
      },
    );
    const query = signed.slice(signed.indexOf("?") + 1).split("&");
    const names = query.slice(0, -1).map((pair) => pair.split("=")[0] as string);
    expect(names).toEqual([...names].sort());
    expect(query).toContain("User=a%20b");
    expect(query).toContain("X-Amz-Security-Token=session%2Ftoken%3D%3D");
    expect(query.at(-1)).toMatch(/^X-Amz-Signature=[0-9a-f]{64}$/);
  });
});

describe("awsCredentials", () => {
  const options = {
    service: "elasticache",
    username: "app",
    cacheName: "My-Cache",
    region: "eu-central-1",
  } as const;

  test("gives a token of 15 minutes for the name of the cache, and logs in with the user", async () => {
    const { username, password, expiresAt } = await awsCredentials({
      ...options,
      identity: async () => example,
    }).get();
    expect(username).toBe("app");
    expect(password.reveal()).toMatch(/^my-cache\/\?Action=connect&User=app&X-Amz-Algorithm=/);
    expect((expiresAt as number) - Date.now()).toBeGreaterThan(890_000);
    expect((expiresAt as number) - Date.now()).toBeLessThanOrEqual(900_000);
  });

  test("says that a cache is serverless, and ends with the key that signed", async () => {
    const expiration = new Date(Date.now() + 60_000);
    const provider = awsCredentials({
      ...options,
      serverless: true,
      identity: async () => ({ ...example, expiration }),
    });
    const { password, expiresAt } = await provider.get();
    expect(password.reveal()).toContain("&ResourceType=ServerlessCache&User=app&");
    expect(expiresAt).toBe(expiration.getTime());
  });

  test("takes the region of the environment, and says what is missing", async () => {
    vi.stubEnv("AWS_REGION", "");
    vi.stubEnv("AWS_DEFAULT_REGION", "");
    const { region: _, ...without } = options;
    expect(() => awsCredentials(without)).toThrowError(expect.objectContaining({ code: "CONFIG_MISSING" }));
    vi.stubEnv("AWS_REGION", "us-east-1");
    const { password } = await awsCredentials({ ...without, identity: async () => example }).get();
    expect(password.reveal()).toContain("us-east-1%2Felasticache");
  });

  test("names the package of the default chain where it is absent", async () => {
    await expect(awsCredentials(options).get()).rejects.toMatchObject({
      code: "CONFIG_MISSING",
      message: expect.stringContaining("@aws-sdk/credential-providers"),
    });
  });
});
