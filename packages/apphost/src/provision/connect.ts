import type { TokenCredential } from "@redoubt/client";
import { ArmClient, type ArmClientOptions } from "./arm-client.ts";
import { type Cloud, cloudFromMetadata } from "./cloud.ts";
import { credentialMaker, type ProvisionIdentity } from "./credential.ts";
import { Deployments } from "./deployments.ts";
import type { ProvisionEvent } from "./events.ts";
import type { Connection } from "./ground.ts";
import { Http } from "./http.ts";
import { Redaction } from "./redaction.ts";
import type { Settings } from "./settings.ts";
import { type Timing, usualTiming } from "./timing.ts";
import { Tokens } from "./tokens.ts";

/** How Azure is reached. */
export interface ConnectOptions {
  readonly settings: Settings;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly tell: (event: ProvisionEvent) => void;
  /** Gives tokens. Default: as `Azure:CredentialSource` says. */
  readonly credential?: TokenCredential;
  /** Loads `@azure/identity`, where a bundler does not find it. */
  readonly identity?: () => Promise<ProvisionIdentity>;
  /** Where `@azure/identity` is looked for, too. */
  readonly directory?: string;
  /** A certificate (PEM) to trust besides those that Node trusts. */
  readonly ca?: string;
  readonly timing?: Partial<Timing>;
}

/** A connection that is to be closed. */
export interface OpenConnection extends Connection, AsyncDisposable {}

/** Finds out about the cloud, where it is not one of the table, and how to get tokens. Nobody has logged in yet. */
export async function connect(options: ConnectOptions): Promise<OpenConnection> {
  const { settings, tell, signal, environment } = options;
  const timing = { ...usualTiming, ...options.timing };
  const redaction = new Redaction();
  const http = new Http(options.ca === undefined ? {} : { ca: options.ca });
  try {
    const cloud = await cloudOf(settings, http, timing, signal);
    const make =
      options.credential === undefined
        ? await credentialMaker({
            ...credentialOptions(settings, cloud, environment),
            ...(options.identity && { identity: options.identity }),
            ...(options.directory !== undefined && { directory: options.directory }),
          })
        : () => options.credential as TokenCredential;
    const onRetry = (what: string, wait: number): void =>
      tell({
        kind: "note",
        severity: "info",
        message: `${redaction.mask(what)}: trying again in ${seconds(wait)}`,
      });
    const parts: Omit<ArmClientOptions, "endpoint" | "scope"> = {
      http,
      tokens: new Tokens(make, redaction, settings.tenant),
      timing,
      redaction,
      onRetry,
    };
    const client = new ArmClient({ ...parts, endpoint: cloud.resourceManager, scope: cloud.scope });
    return {
      cloud,
      client,
      deployments: new Deployments(client),
      redaction,
      timing,
      parts,
      tell,
      [Symbol.asyncDispose]: () => http.close(),
    };
  } catch (error) {
    await http.close();
    throw error;
  }
}

async function cloudOf(
  { cloud, resourceManager }: Settings,
  http: Http,
  timing: Timing,
  signal: AbortSignal,
): Promise<Cloud> {
  if (resourceManager === undefined) return cloud;
  const { text } = await http.send({
    method: "GET",
    url: `${resourceManager}/metadata/endpoints?api-version=2022-09-01`,
    headers: { accept: "application/json" },
    timeout: timing.request,
    signal,
  });
  return cloudFromMetadata(resourceManager, parsed(text));
}

function credentialOptions(settings: Settings, cloud: Cloud, environment: ConnectOptions["environment"]) {
  return {
    source: settings.credentialSource,
    cloud,
    environment,
    ...(settings.tenant !== undefined && { tenantId: settings.tenant }),
    ...(settings.credentialProcessTimeout !== undefined && {
      processTimeout: settings.credentialProcessTimeout,
    }),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const seconds = (ms: number): string => (ms < 1000 ? `${Math.round(ms)} ms` : `${Math.round(ms / 1000)} s`);
