/** A host that a cache inside a virtual network depends on. */
export interface Endpoint {
  /** May begin with `*.`. */
  readonly host: string;
  readonly ports: readonly number[];
  readonly purpose: string;
  /** The service tag that its addresses are in; `null` for none. */
  readonly serviceTag: string | null;
}

function endpoint(host: string, purpose: string, serviceTag: string | null, ...ports: number[]): Endpoint {
  return { host, ports: ports.length === 0 ? [443] : ports, purpose, serviceTag };
}

/** Every host of the page that `portSource` names, of the public cloud. */
export const requiredEndpoints: readonly Endpoint[] = [
  endpoint("*.vault.azure.net", "Azure Key Vault", "AzureKeyVault"),
  endpoint("*.table.core.windows.net", "Azure Storage", "Storage"),
  endpoint("*.blob.core.windows.net", "Azure Storage", "Storage"),
  endpoint("*.queue.core.windows.net", "Azure Storage", "Storage"),
  endpoint("*.file.core.windows.net", "Azure Storage", "Storage"),
  endpoint("ocsp.digicert.com", "Azure public key infrastructure (CRL/OCSP/AIA)", null, 80),
  endpoint("crl4.digicert.com", "Azure public key infrastructure (CRL/OCSP/AIA)", null, 80),
  endpoint("ocsp.msocsp.com", "Azure public key infrastructure (CRL/OCSP/AIA)", null, 80),
  endpoint("mscrl.microsoft.com", "Azure public key infrastructure (CRL/OCSP/AIA)", null, 80),
  endpoint("crl3.digicert.com", "Azure public key infrastructure (CRL/OCSP/AIA)", null, 80),
  endpoint("cacerts.digicert.com", "Azure public key infrastructure (CRL/OCSP/AIA)", null, 80),
  endpoint("oneocsp.microsoft.com", "Azure public key infrastructure (CRL/OCSP/AIA)", null, 80),
  endpoint("crl.microsoft.com", "Azure public key infrastructure (CRL/OCSP/AIA)", null, 80),
  endpoint("cacerts.geotrust.com", "Azure public key infrastructure (CRL/OCSP/AIA)", null, 80),
  endpoint("www.microsoft.com", "Azure public key infrastructure (CRL/OCSP/AIA)", null, 80),
  endpoint("cdp.geotrust.com", "Azure public key infrastructure (CRL/OCSP/AIA)", null, 80),
  endpoint("status.geotrust.com", "Azure public key infrastructure (CRL/OCSP/AIA)", null, 80),
  endpoint("shoebox3.prod.microsoftmetrics.com", "Azure Monitor", "AzureMonitor"),
  endpoint("shoebox3-red.prod.microsoftmetrics.com", "Azure Monitor", "AzureMonitor"),
  endpoint("shoebox3-black.prod.microsoftmetrics.com", "Azure Monitor", "AzureMonitor"),
  endpoint("azredis.prod.microsoftmetrics.com", "Azure Monitor", "AzureMonitor"),
  endpoint("azredis-red.prod.microsoftmetrics.com", "Azure Monitor", "AzureMonitor"),
  endpoint("azredis-black.prod.microsoftmetrics.com", "Azure Monitor", "AzureMonitor"),
  endpoint("global.prod.microsoftmetrics.com", "Azure Monitor", "AzureMonitor"),
  endpoint("gcs.prod.monitoring.core.windows.net", "Azure Monitor", "AzureMonitor"),
  endpoint("*.prod.warm.ingest.monitor.core.windows.net", "Azure Monitor", "AzureMonitor"),
  endpoint("*.servicebus.windows.net", "Azure Monitor", "EventHub"),
  endpoint("*.update.microsoft.com", "Operating system updates", "AzureCloud"),
  endpoint("*.windowsupdate.com", "Operating system updates", null, 80, 443),
  endpoint("*.delivery.mp.microsoft.com", "Operating system updates", "AzureCloud", 80, 443),
  endpoint("go.microsoft.com", "Antivirus", null, 80, 443),
  endpoint("*.wdcp.microsoft.com", "Antivirus", "AzureCloud"),
  endpoint("*.wdcpalt.microsoft.com", "Antivirus", "AzureCloud"),
  endpoint("*.wd.microsoft.com", "Antivirus", "AzureCloud"),
  endpoint("definitionupdates.microsoft.com", "Antivirus", null),
  endpoint("azurewatsonanalysis-prod.core.windows.net", "Internal diagnostics", "AzureCloud"),
  endpoint("shavamanifestazurecdnprod1.azureedge.net", "Internal diagnostics", null),
  endpoint("shavamanifestcdnprod1.azureedge.net", "Internal diagnostics", null),
  endpoint("*.data.microsoft.com", "Internal diagnostics", "AzureCloud"),
];

/** Names of metrics hosts that pages before 2021 list. Who lets only these out has rules written from an old page. */
export const oldMetricHosts: RegExp = /(?:^|\.)metrics\.nsatc\.net$/;
