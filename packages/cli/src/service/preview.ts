import { mask } from "@redoubt/client";
import type { Service, UpdatePreview } from "@redoubt/services";
import type { Invocation } from "../invocation.ts";
import { inert } from "../output.ts";
import { masked } from "./document.ts";

/** Shows on stderr what is before and after a change, and who is connected. */
export function notePreview(preview: UpdatePreview, { uriParams }: Service, { output }: Invocation): void {
  const { from, to, changes, clients } = preview;
  const uri = (text: string) => masked(text, uriParams.password);
  const rows: [string, string, string][] = [["", "before", "after"]];
  if (from.uri !== to.uri) rows.push(["uri", uri(from.uri), uri(to.uri)]);
  if (from.port !== to.port) rows.push(["port", String(from.port), String(to.port)]);
  if (from.tls !== to.tls) rows.push(["tls", from.tls ? "yes" : "no", to.tls ? "yes" : "no"]);
  for (const change of changes) rows.push([change.key, shown(change.from), shown(change.to)]);
  if (rows.length === 1) {
    output.note("  Nothing differs from what there is.");
    return;
  }
  const widths = [0, 1].map((i) => Math.max(...rows.map((row) => (row[i] ?? "").length)));
  for (const [i, [label, before, after]] of rows.entries()) {
    const line = `  ${label.padEnd(widths[0] ?? 0)}  ${before.padEnd(widths[1] ?? 0)}  ${after}`;
    output.note(i === 0 ? output.paintTalk("faint", line) : output.foreign(line));
  }
  const connected = Object.entries(clients).filter(([, count]) => count > 0);
  if (connected.length > 0)
    output.note(`  Connected now: ${connected.map(([route, count]) => `${count} by ${route}`).join(", ")}.`);
  if (preview.restarts) output.note("  Servers are started again: clients connect anew.");
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return "(default)";
  // The password of another server may be among an option's fields.
  const masking = (key: string, part: unknown): unknown => (key === "password" ? mask : part);
  return inert(typeof value === "string" ? value : JSON.stringify(value, masking));
}
