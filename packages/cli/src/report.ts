import type { DialReport, Stage, TlsReport } from "@redoubt/client";
import { columns, type Output } from "./output.ts";

/** One stage of connecting, as one line. */
export function stageLine({ name, ms, ok, detail }: Stage, output: Output): string {
  const sign = ok ? output.paint("good", "ok    ") : output.paint("bad", "failed");
  return `  ${name.padEnd(5)}  ${sign}  ${ms.toFixed(1).padStart(8)} ms  ${output.foreign(detail)}`.trimEnd();
}

/** All that was found when every stage succeeded, and the verdict. */
export function reportText(report: DialReport, output: Output): string {
  const rows = [...tlsRows(report.tls), ["server", serverText(report)]] as [string, string][];
  const total = report.stages.reduce((sum, { ms }) => sum + ms, 0);
  const verdict = `${output.paint("good", "PONG")}  ready in ${total.toFixed(1)} ms at ${report.address}`;
  const shown = rows.map(([label, text]) => [label, output.foreign(text)] as const);
  return `\n${columns(shown)}\n\n${verdict}`;
}

function tlsRows(tls: TlsReport | null): [string, string][] {
  if (tls === null) return [["tls", "none: what is sent can be read on the way"]];
  const { subject, names, issuer, validTo, daysLeft, pin } = tls.certificate;
  return [
    ["tls", `${tls.protocol}, ${tls.cipher}${tls.resumed ? ", resumed session" : ""}`],
    ["verified", verifiedText(tls)],
    ["certificate", subject],
    ["names", names.join(", ")],
    ["issuer", issuer],
    ["valid", `until ${validTo}, ${daysLeft} days left`],
    ["pin", pin],
  ];
}

function verifiedText({ verification, verifiedName }: TlsReport): string {
  switch (verification) {
    case "full":
      return `chain and name (${verifiedName})`;
    case "ca":
      return "chain only, not the name";
    case "callback":
      return "by a callback";
    case "none":
      return "nothing: anybody in between can pose as the server";
  }
}

function serverText({ server, protocol }: DialReport): string {
  const product = [server.product, server.version].filter((part) => part !== null).join(" ");
  return [product || "unnamed", server.mode, server.role, `RESP${protocol}`]
    .filter((part) => part !== null)
    .join(", ");
}
