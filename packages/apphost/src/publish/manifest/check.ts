import { Ajv, type ErrorObject } from "ajv";
import type { Manifest } from "./entry.ts";
import { manifestSchema } from "./schema.ts";

const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile<Manifest>(manifestSchema);

/**
 * Holds a manifest against its schema.
 *
 * @returns one sentence for each fault, which names resource and member; none for a good manifest
 */
export function checkManifest(manifest: unknown): readonly string[] {
  if (validate(manifest)) return [];
  const errors = (validate.errors ?? []).filter(({ keyword }) => keyword !== "if");
  return [...new Set(errors.map(sentence))];
}

function sentence({ instancePath, message = "is wrong", params }: ErrorObject): string {
  const place = instancePath.slice(1).split("/").map(unescape).join(".");
  const extra = "additionalProperty" in params ? `: ${JSON.stringify(params["additionalProperty"])}` : "";
  const allowed = "allowedValues" in params ? `: ${JSON.stringify(params["allowedValues"])}` : "";
  return `${place === "" ? "the manifest" : place} ${message}${extra}${allowed}`;
}

/** JSON pointers write `~` and `/` in names as `~0` and `~1`. */
function unescape(name: string): string {
  return name.replaceAll("~1", "/").replaceAll("~0", "~");
}
