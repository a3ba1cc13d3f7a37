import fc from "fast-check";
import { isDnsName, sharedDnsName } from "../../../src/config/endpoint.ts";
import { providerOf } from "../../../src/config/providers/registry.ts";
import { Secret } from "../../../src/config/secret.ts";
import type { Endpoint, Target, TlsSettings, TlsVersion } from "../../../src/config/target.ts";

const awkward = fc.constantFrom(
  ...Array.from("+%@,:/=#?& \0'\"\\$!*;|<>[]\n\tàŁ🔑"),
  "\u2028",
  "%41",
  "%zz",
  "%C3",
  "==",
  "ssl=true",
);

/** Any text but the empty one, rich in what the dialects treat specially; half surrogate pairs too. */
export const anyText = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: awkward, minLength: 1, maxLength: 20 }) },
  { weight: 3, arbitrary: fc.string({ unit: "binary", minLength: 1, maxLength: 20 }) },
  { weight: 2, arbitrary: fc.base64String({ minLength: 4, maxLength: 44 }) },
  { weight: 2, arbitrary: fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("\uD800", "a\uDC00b", "\uFEFFx", "*****", "null", "-x", "'q'", '"q"'),
  },
);

const name = fc.constantFrom(
  "cache",
  "cache.example",
  "a-b.c_d.example.",
  "UPPER.Example",
  "münchen.example",
  "contoso.redis.cache.windows.net",
  "contoso.westus3.redis.azure.net",
  "x.aivencloud.com",
  "y.upstash.io",
);
const address = fc.oneof(
  fc.ipV4(),
  fc.constantFrom("::1", "fe80::1%eth0", "2001:db8::1", "::ffff:10.0.0.1", "127.0.0.1"),
);
const networkEndpoint: fc.Arbitrary<Endpoint> = fc.record({
  host: fc.oneof(name, address),
  port: fc.oneof(fc.constantFrom(6379, 6380, 10_000, 26_379), fc.integer({ min: 1, max: 65_535 })),
});
const socketEndpoint: fc.Arbitrary<Endpoint> = fc
  .oneof(
    fc.constantFrom("/run/redis.sock", "@redis", "/a b/ü?#%2f.sock"),
    anyText.map((text) => `/${text}`),
  )
  .map((path) => ({ host: path, port: 0, path }));

const endpoints = fc.oneof(
  { weight: 4, arbitrary: networkEndpoint.map((one) => [one]) },
  { weight: 1, arbitrary: socketEndpoint.map((one) => [one]) },
  {
    weight: 2,
    arbitrary: fc.uniqueArray(networkEndpoint, {
      minLength: 2,
      maxLength: 3,
      selector: ({ host, port }) => `${host} ${port}`,
    }),
  },
);

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null, freq: 1 });
const secret = (arbitrary: fc.Arbitrary<string>) => maybe(arbitrary.map((text) => new Secret(text)));
const version = fc.constantFrom<TlsVersion | null>(null, "TLSv1.2", "TLSv1.3");

const tls = (shared: string | null): fc.Arbitrary<TlsSettings> =>
  fc
    .record({
      enabled: fc.boolean(),
      servername: fc.oneof(
        { weight: 4, arbitrary: fc.constant(shared) },
        { weight: 1, arbitrary: fc.constant("sni.example") },
      ),
      minVersion: version,
      maxVersion: version,
      verify: fc.oneof(
        { weight: 6, arbitrary: fc.constant("full" as const) },
        { weight: 1, arbitrary: fc.constant("ca" as const) },
      ),
      extra: maybe(
        fc.record({
          caFile: maybe(fc.constantFrom("ca.pem", "/etc/ca, 1.pem", "system")),
          certFile: maybe(fc.constant("c.pem")),
          keyFile: maybe(fc.constant("/k&=.pem")),
          pfxFile: fc.constant(null),
          passphrase: secret(anyText),
          ciphers: maybe(fc.constant("ECDHE+AESGCM:!aNULL")),
          pins: fc.constantFrom<readonly string[]>([], [`${"A".repeat(43)}=`, `${"/+".repeat(21)}b=`]),
        }),
      ),
    })
    .filter(
      ({ minVersion, maxVersion }) => minVersion === null || maxVersion === null || minVersion <= maxVersion,
    )
    .map(({ extra, ...settings }) => ({
      caFile: null,
      certFile: null,
      keyFile: null,
      pfxFile: null,
      passphrase: null,
      ciphers: null,
      pins: [],
      ...extra,
      ...settings,
    }));

const options = fc.record(
  {
    abortConnect: fc.boolean(),
    keepAlive: fc.integer({ min: 1, max: 600 }).map((seconds) => seconds * 1000),
    retryTimeout: fc.nat(),
    namespacePrefix: anyText,
    channelPrefix: anyText,
    protocol: fc.constantFrom(2, 3),
    cluster: fc.constant(true),
    production: fc.boolean(),
  },
  { requiredKeys: [] },
);

const milliseconds = maybe(fc.oneof(fc.integer({ min: 1, max: 2 ** 31 - 1 }), fc.constantFrom(1000, 5000)));

/** Plain text is not for everywhere. */
const onlyTls = (list: readonly Endpoint[]): boolean =>
  list.some(({ host, port }) => providerOf([host])?.speaksOnlyTls(port));

const plainTls = (enabled: boolean, list: readonly Endpoint[]): TlsSettings => ({
  enabled: enabled || onlyTls(list),
  servername: sharedDnsName(list),
  minVersion: null,
  maxVersion: null,
  verify: "full",
  caFile: null,
  certFile: null,
  keyFile: null,
  pfxFile: null,
  passphrase: null,
  ciphers: null,
  pins: [],
});

const richTarget: fc.Arbitrary<Target> = endpoints.chain((list) =>
  fc.record({
    dialect: fc.constant("url" as const),
    endpoints: fc.constant(list),
    tls: tls(sharedDnsName(list)).map((one) => ({ ...one, enabled: one.enabled || onlyTls(list) })),
    username: maybe(anyText),
    password: secret(anyText),
    database: maybe(fc.oneof(fc.nat({ max: 16 }), fc.nat({ max: 2 ** 31 - 1 }))),
    clientName: maybe(anyText),
    sentinel: fc.option(
      fc.record({
        masterName: fc.constantFrom("mymaster", "a b"),
        username: maybe(anyText),
        password: secret(anyText),
      }),
      { nil: null, freq: 6 },
    ),
    timeouts: fc.record({ connectMs: milliseconds, commandMs: milliseconds }),
    provider: fc.constant(providerOf(list.filter(isDnsName).map(({ host }) => host))?.name ?? null),
    options: fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: options }),
    warnings: fc.constant([]),
  }),
);

/** Any target that a connection string can give, its warnings aside; half of them with little but user and password. */
export const anyTarget: fc.Arbitrary<Target> = fc.oneof(
  richTarget,
  richTarget.map((target) => ({
    ...target,
    tls: plainTls(target.tls.enabled, target.endpoints),
    clientName: null,
    sentinel: null,
    timeouts: { connectMs: null, commandMs: null },
  })),
);

/** A target of one host with a password and little else, so that every dialect can express most of them. */
export const passwordTarget: fc.Arbitrary<Target> = fc
  .record({ target: anyTarget, password: anyText, host: networkEndpoint })
  .map(({ target, password, host }) => ({
    ...target,
    endpoints: [host],
    provider: providerOf(isDnsName(host) ? [host.host] : [])?.name ?? null,
    tls: plainTls(target.tls.enabled, [host]),
    password: new Secret(password),
    clientName: null,
    sentinel: null,
    timeouts: { connectMs: null, commandMs: null },
    options: {},
  }));
