import type { NoticeCode } from "./notices.ts";
import type { OptionName } from "./option-table.ts";
import { positionedError, type Setting } from "./reading.ts";
import type { TlsVersion } from "./target.ts";

/** All versions that Node can speak, the oldest first, with the bits that .NET's `SslProtocols` gives them. */
const versions: readonly { name: TlsVersion; net: string; bits: number }[] = [
  { name: "TLSv1", net: "Tls", bits: 192 },
  { name: "TLSv1.1", net: "Tls11", bits: 768 },
  { name: "TLSv1.2", net: "Tls12", bits: 3072 },
  { name: "TLSv1.3", net: "Tls13", bits: 12_288 },
];

interface VersionRange {
  readonly min: TlsVersion | null;
  readonly max: TlsVersion | null;
  readonly warnings: readonly { code: NoticeCode; message: string; position: number }[];
}

const ageOf = (version: TlsVersion) => versions.findIndex(({ name }) => name === version);

/**
 * The oldest and the newest TLS version that a string asks for. `SslProtocols.None` asks for nothing.
 *
 * @throws RedoubtError CONFIG_INVALID_VALUE for SSL 2 and 3 alone, and where the oldest is newer than the newest
 */
export function versionRange(settings: ReadonlyMap<OptionName, Setting>): VersionRange {
  const warnings: { code: NoticeCode; message: string; position: number }[] = [];
  const listed = settings.get("tlsVersions");
  let min: TlsVersion | null = null;
  let max: TlsVersion | null = null;

  if (listed !== undefined && listed.value !== 0) {
    const asked = versions.filter(({ bits }) => (Number(listed.value) & bits) !== 0);
    const [oldest, newest] = [asked[0], asked.at(-1)];
    if (oldest === undefined || newest === undefined) {
      throw positionedError(
        "CONFIG_INVALID_VALUE",
        `${listed.word} names only SSL 2 or 3, which no current TLS library speaks; write Tls12|Tls13`,
        listed.start,
      );
    }
    if (ageOf(newest.name) - ageOf(oldest.name) >= asked.length) {
      const message = `${listed.word} leaves out a version in the middle; the whole range from ${oldest.name} to ${newest.name} is offered`;
      warnings.push({ code: "tls-versions-with-gap", message, position: listed.start });
    }
    min = oldest.name;
    max = newest.name;
  }
  const [lower, upper] = [settings.get("minVersion"), settings.get("maxVersion")];
  if (lower !== undefined) min = lower.value as TlsVersion;
  if (upper !== undefined) max = upper.value as TlsVersion;

  const said = lower ?? upper ?? listed;
  if (said !== undefined && min !== null && max !== null && ageOf(min) > ageOf(max)) {
    throw positionedError(
      "CONFIG_INVALID_VALUE",
      `${said.word}: the oldest TLS version is newer than the newest`,
      said.start,
    );
  }
  if (
    said !== undefined &&
    [min, max].some((version) => version !== null && ageOf(version) < ageOf("TLSv1.2"))
  ) {
    warnings.push({
      code: "old-tls-version",
      message: `${said.word} allows TLS before 1.2, which is broken and refused by most providers`,
      position: said.start,
    });
  }
  return { min, max, warnings };
}

/** The versions from `min` to `max` by their .NET names, joined by `|`; `null` where nothing was asked for. */
export function netVersionNames(min: TlsVersion | null, max: TlsVersion | null): string | null {
  if (min === null && max === null) return null;
  return versions
    .slice(ageOf(min ?? "TLSv1.2"), ageOf(max ?? "TLSv1.3") + 1)
    .map(({ net }) => net)
    .join("|");
}
