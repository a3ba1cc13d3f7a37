import { RedoubtError } from "../errors.ts";
import { type AwsIdentity, presign } from "./aws-signature.ts";
import { optionalPackage } from "./optional-package.ts";
import type { CredentialsProvider } from "./provider.ts";
import { RenewedCredentials } from "./renewed-credentials.ts";

/** How long ElastiCache and MemoryDB accept a token for logging in, seconds. The connection then lasts 12 hours. */
const lifetime = 900;

/** Options of {@link awsCredentials}. */
export interface AwsOptions {
  readonly service: "elasticache" | "memorydb";
  /** The user id of ElastiCache, which for IAM is the user name too; the user name of MemoryDB. */
  readonly username: string;
  /** Name of the replication group, serverless cache or cluster; not its address. */
  readonly cacheName: string;
  /** Default: `AWS_REGION`, else `AWS_DEFAULT_REGION`. */
  readonly region?: string;
  /** Whether the cache is serverless (ElastiCache). Default false. */
  readonly serverless?: boolean;
  /** Whose key signs: any credentials provider of the AWS SDK. Default: the node chain of `@aws-sdk/credential-providers`. */
  readonly identity?: () => Promise<AwsIdentity>;
  /** How long one attempt to get a key may take, ms. Default 10,000. */
  readonly timeout?: number;
}

/** The part of `@aws-sdk/credential-providers` that is used. */
interface CredentialProviders {
  readonly fromNodeProviderChain: () => () => Promise<AwsIdentity>;
}

/**
 * Logs in with AWS IAM: ElastiCache and MemoryDB without passwords. The token is a signed request of 15 minutes, made
 * here; open connections log in anew long before AWS ends them. Never sent without TLS.
 *
 * ```ts text
 * createClient({ url: "rediss://cache.use1.cache.amazonaws.com:6379",
 *   credentials: awsCredentials({ service: "elasticache", username: "app", cacheName: "cache" }) });
 * ```
 * @throws RedoubtError `CONFIG_MISSING` without a region
 */
export function awsCredentials(options: AwsOptions): CredentialsProvider {
  const { service, username, cacheName, serverless = false } = options;
  const region = options.region ?? process.env["AWS_REGION"] ?? process.env["AWS_DEFAULT_REGION"];
  if (region === undefined || region === "")
    throw new RedoubtError("CONFIG_MISSING", "awsCredentials needs a region", {
      hint: "Give region, or set the environment variable AWS_REGION.",
    });
  const identity = options.identity ?? nodeChain();
  return new RenewedCredentials(
    async () => {
      const key = await identity();
      const now = new Date();
      const token = presign(key, {
        host: cacheName.toLowerCase(),
        query: {
          Action: "connect",
          User: username,
          ...(serverless && { ResourceType: "ServerlessCache" }),
        },
        service,
        region,
        expiresIn: lifetime,
        date: now,
      });
      // A temporary key takes its tokens with it.
      const keyEnds = key.expiration?.getTime() ?? Number.POSITIVE_INFINITY;
      return { username, password: token, expiresAt: Math.min(now.getTime() + lifetime * 1000, keyEnds) };
    },
    {
      name: "AWS IAM",
      tlsOnly: true,
      ...(options.timeout !== undefined && { timeout: options.timeout }),
    },
  );
}

/** The chain of the AWS SDK; loaded when first needed, and kept, since it remembers keys. */
function nodeChain(): () => Promise<AwsIdentity> {
  let chain: (() => Promise<AwsIdentity>) | undefined;
  return async () => {
    chain ??= (
      await optionalPackage<CredentialProviders>(
        "@aws-sdk/credential-providers",
        "awsCredentials without identity",
      )
    ).fromNodeProviderChain();
    return chain();
  };
}
