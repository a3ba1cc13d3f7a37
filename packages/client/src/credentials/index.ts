export type { CredentialsOption } from "./accept.ts";
export { type AwsOptions, awsCredentials } from "./aws.ts";
export type { AwsIdentity } from "./aws-signature.ts";
export { type CallbackOptions, callbackCredentials } from "./callback.ts";
export { type EntraOptions, entraCredentials, redisScope } from "./entra.ts";
export type { DefaultCredentialOptions, EntraStep, IdentityPackage } from "./entra-chain.ts";
export { type FileOptions, fileCredentials } from "./file.ts";
export type { BasicAuth, NodeRedisCredentialsProvider } from "./node-redis.ts";
export type {
  Credentials,
  CredentialsListener,
  CredentialsProvider,
  CredentialsSource,
  GetOptions,
  PlainCredentials,
} from "./provider.ts";
export { staticCredentials } from "./static.ts";
export type { AccessToken, TokenCredential } from "./token-credential.ts";
