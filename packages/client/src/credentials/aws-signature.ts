import { createHash, createHmac } from "node:crypto";

/** A long-lived or temporary key of AWS, as its SDK gives it. */
export interface AwsIdentity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  /** When a temporary key ends. */
  readonly expiration?: Date | undefined;
}

/** What is signed. */
export interface Presigned {
  readonly host: string;
  readonly path?: string;
  readonly query: Readonly<Record<string, string>>;
  readonly service: string;
  readonly region: string;
  /** Seconds. */
  readonly expiresIn: number;
  readonly date: Date;
  /** Default: the hash of nothing. */
  readonly payloadHash?: string;
}

/**
 * A GET request that carries its signature in its query (Signature Version 4). Source: AWS's description of the signing
 * process; a test checks it against the worked example there.
 * @returns `host/path?query`, without scheme
 */
export function presign(identity: AwsIdentity, request: Presigned): string {
  const { host, path = "/", service, region, expiresIn, payloadHash = sha256("") } = request;
  const time = request.date.toISOString().replace(/[-:]|\.\d+/g, "");
  const day = time.slice(0, 8);
  const scope = `${day}/${region}/${service}/aws4_request`;
  const query = canonicalQuery({
    ...request.query,
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": `${identity.accessKeyId}/${scope}`,
    "X-Amz-Date": time,
    "X-Amz-Expires": String(expiresIn),
    "X-Amz-SignedHeaders": "host",
    ...(identity.sessionToken !== undefined && { "X-Amz-Security-Token": identity.sessionToken }),
  });
  const canonical = ["GET", path, query, `host:${host}`, "", "host", payloadHash].join("\n");
  const toSign = ["AWS4-HMAC-SHA256", time, scope, sha256(canonical)].join("\n");
  const key = [day, region, service, "aws4_request"].reduce<Buffer | string>(
    (secret, part) => createHmac("sha256", secret).update(part).digest(),
    `AWS4${identity.secretAccessKey}`,
  );
  const signature = createHmac("sha256", key).update(toSign).digest("hex");
  return `${host}${path}?${query}&X-Amz-Signature=${signature}`;
}

function canonicalQuery(query: Readonly<Record<string, string>>): string {
  return Object.entries(query)
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

/** RFC 3986: everything but its unreserved characters. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
