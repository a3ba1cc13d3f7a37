/** A resource as the manifest writes it; members depend on its `type`. */
export interface ManifestEntry {
  readonly type: string;
  readonly [member: string]: unknown;
}

/** `aspire-manifest.json`: what an app consists of, for tools that deploy it. */
export interface Manifest {
  readonly $schema: string;
  readonly resources: Readonly<Record<string, ManifestEntry>>;
}
