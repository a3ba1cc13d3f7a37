import { RedoubtError } from "../errors.ts";
import { optionalPackage } from "./optional-package.ts";
import type { AccessToken, TokenCredential } from "./token-credential.ts";

/** The part of `@azure/identity` that is used. */
export interface IdentityPackage {
  readonly DefaultAzureCredential: new () => TokenCredential;
  readonly EnvironmentCredential: new () => TokenCredential;
  readonly WorkloadIdentityCredential: new () => TokenCredential;
  readonly ManagedIdentityCredential: new (options?: { clientId: string }) => TokenCredential;
  readonly AzureCliCredential: new () => TokenCredential;
  readonly AzureDeveloperCliCredential: new () => TokenCredential;
}

/** One way to a token that was tried. */
export interface EntraStep {
  /** `Azure CLI`, `managed identity`. */
  readonly name: string;
  /** How long it took, ms. */
  readonly ms: number;
  readonly ok: boolean;
  /** One line for people; never a token. */
  readonly detail: string;
}

/**
 * How a credential is found where none was given. The environment decides on a single way, so that nothing is guessed
 * in production: `AZURE_TOKEN_CREDENTIALS` (DefaultAzureCredential obeys it), `AZURE_FEDERATED_TOKEN_FILE` (workload
 * identity), `AZURE_CLIENT_SECRET` or `AZURE_CLIENT_CERTIFICATE_PATH` (service principal), `AZURE_CLIENT_ID`
 * (user-assigned managed identity), `IDENTITY_ENDPOINT` (system-assigned). With none of them: Azure CLI, Azure Developer
 * CLI, managed identity, in this order, each with its own deadline.
 */
export interface DefaultCredentialOptions {
  /** Told of each way that is tried, as it ends. */
  readonly onStep?: (step: EntraStep) => void;
  /** Loads the package. Default: `import("@azure/identity")`; bundlers that do not see it want it said here. */
  readonly identity?: () => Promise<IdentityPackage>;
}

/** A way to a token. */
interface Way {
  readonly name: string;
  readonly make: (identity: IdentityPackage) => TokenCredential;
  /** ms */
  readonly timeout: number;
}

const way = (name: string, make: Way["make"], timeout = 10_000): Way => ({ name, make, timeout });

/** Without a word of the environment. Off Azure nothing answers at the address of managed identities: a short wait will do. */
const guesses: readonly Way[] = [
  way("Azure CLI", ({ AzureCliCredential }) => new AzureCliCredential()),
  way("Azure Developer CLI", ({ AzureDeveloperCliCredential }) => new AzureDeveloperCliCredential()),
  way("managed identity", ({ ManagedIdentityCredential }) => new ManagedIdentityCredential(), 2500),
];

/** Source of names and order: the variables that Azure's hosts set, as `@azure/identity` reads them. */
function waysOf(env: NodeJS.ProcessEnv): readonly Way[] {
  const clientId = env["AZURE_CLIENT_ID"];
  if (env["AZURE_TOKEN_CREDENTIALS"])
    return [
      way(
        `DefaultAzureCredential (${env["AZURE_TOKEN_CREDENTIALS"]})`,
        (identity) => new identity.DefaultAzureCredential(),
      ),
    ];
  if (env["AZURE_FEDERATED_TOKEN_FILE"])
    return [way("workload identity", (identity) => new identity.WorkloadIdentityCredential())];
  if (env["AZURE_CLIENT_SECRET"] || env["AZURE_CLIENT_CERTIFICATE_PATH"])
    return [way("service principal", (identity) => new identity.EnvironmentCredential())];
  if (clientId)
    return [
      way(
        `managed identity ${clientId}`,
        ({ ManagedIdentityCredential }) => new ManagedIdentityCredential({ clientId }),
      ),
    ];
  if (env["IDENTITY_ENDPOINT"])
    return [way("managed identity", ({ ManagedIdentityCredential }) => new ManagedIdentityCredential())];
  return guesses;
}

/** The credential that the environment asks for; found at the first token, kept from then on. */
export function defaultCredential(options: DefaultCredentialOptions): TokenCredential {
  let found: TokenCredential | null = null;
  return {
    getToken: async (scopes, { abortSignal } = {}) => {
      if (found !== null) return found.getToken(scopes, abortSignal === undefined ? {} : { abortSignal });
      const identity = await loadIdentity(options);
      const steps: EntraStep[] = [];
      for (const each of waysOf(process.env)) {
        const start = performance.now();
        const end = (ok: boolean, detail: string): void => {
          const step = { name: each.name, ms: performance.now() - start, ok, detail };
          steps.push(step);
          options.onStep?.(step);
        };
        try {
          const credential = each.make(identity);
          const token = await tokenOf(credential, scopes, each.timeout, abortSignal);
          end(true, `token until ${new Date(token.expiresOnTimestamp).toISOString()}`);
          found = credential;
          return token;
        } catch (error) {
          end(false, firstLine(error));
        }
      }
      throw notFound(steps);
    },
  };
}

async function loadIdentity({ identity }: DefaultCredentialOptions): Promise<IdentityPackage> {
  return identity === undefined
    ? optionalPackage<IdentityPackage>("@azure/identity", "entraCredentials() without a credential")
    : identity();
}

async function tokenOf(
  credential: TokenCredential,
  scopes: string | string[],
  timeout: number,
  abortSignal: AbortSignal | undefined,
): Promise<AccessToken> {
  const deadline = new AbortController();
  const giveUp = (): void => deadline.abort();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      giveUp();
      reject(new Error(`no answer within ${timeout} ms`));
    }, timeout);
  });
  abortSignal?.addEventListener("abort", giveUp);
  try {
    const token = await Promise.race([late, credential.getToken(scopes, { abortSignal: deadline.signal })]);
    if (token === null) throw new Error("no token");
    return token;
  } finally {
    clearTimeout(timer);
    abortSignal?.removeEventListener("abort", giveUp);
  }
}

/** What identity packages say is long and of many lines; the first one names the reason. */
function firstLine(error: unknown): string {
  const { message } = error as Error;
  return (String(message ?? error).split("\n")[0] ?? "").slice(0, 200);
}

function notFound(steps: readonly EntraStep[]): RedoubtError {
  const tried = steps.map(({ name, ms, detail }) => `${name} (${Math.round(ms)} ms): ${detail}`);
  return new RedoubtError("AUTH_PROVIDER_FAILED", `No Entra token. ${tried.join("; ")}`, {
    hint: "Run az login, assign a managed identity, or give a credential: entraCredentials(credential).",
  });
}
