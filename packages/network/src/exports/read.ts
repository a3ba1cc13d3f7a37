import type { Network } from "../model/network.ts";
import { idKey, resourceId } from "../model/resource-id.ts";
import { Gathering } from "./gather.ts";
import { alike, isShape, type Shape, text } from "./shape.ts";
import { documentsOf, type ExportFile } from "./text.ts";

/** What exports hold. */
export interface Exports {
  readonly network: Network;
  /** How many resources of each type were read, by file. */
  readonly read: readonly { readonly file: string; readonly type: string; readonly count: number }[];
  /** The file that a resource was last seen in, by the key of its id. */
  readonly sources: ReadonlyMap<string, string>;
  /** What was passed over, and why. */
  readonly notes: readonly { readonly file: string; readonly says: string }[];
}

/**
 * Reads exports of `az … -o json` as they are: single resources and lists, flat or with `properties`, of the command line, of `az rest`,
 * of Resource Graph or of PowerShell, any number of files in any order. Unknown fields and resources do not matter; keys and other
 * secrets are not read.
 *
 * @throws RedoubtError `CONFIG_SYNTAX` for a file that is no JSON
 */
export function readExports(files: readonly ExportFile[]): Exports {
  const gathering = new Gathering();
  const counts = new Map<string, { file: string; type: string; count: number }>();
  const notes: { file: string; says: string }[] = [];
  const sources = new Map<string, string>();
  for (const file of files) {
    const counted = (type: string, by = 1) => {
      const key = `${file.name} ${type}`;
      counts.set(key, { file: file.name, type, count: (counts.get(key)?.count ?? 0) + by });
    };
    const reader = {
      gathering,
      sources,
      file: file.name,
      counted,
      note: (says: string) => notes.push({ file: file.name, says }),
    };
    const documents = documentsOf(file);
    if (documents.length === 0) reader.note("the file is empty: did the command fail?");
    for (const document of documents) readDocument(alike(document), reader);
  }
  return { network: gathering.network(), read: [...counts.values()], sources, notes };
}

interface Reader {
  readonly gathering: Gathering;
  readonly sources: Map<string, string>;
  readonly file: string;
  readonly counted: (type: string, by?: number) => void;
  readonly note: (says: string) => void;
}

/** The keys under which lists of resources are wrapped: ARM, Resource Graph, templates. */
const wrappers = ["value", "values", "data", "resources", "networksecuritygroups"];

function readDocument(document: unknown, reader: Reader): void {
  const list = (Array.isArray(document) ? document : [document]).filter(isShape);
  if (list.length === 0) return reader.note("there is no resource in it");
  const [first] = list as [Shape, ...Shape[]];
  if (isEffectiveRoute(first)) {
    reader.gathering.addRoutes(list, reader.file);
    return reader.counted("effective routes", list.length);
  }
  if ("network" in first && ("aspath" in first || "sourcepeer" in first)) {
    reader.gathering.addLearned(list, reader.file);
    return reader.counted("learned routes", list.length);
  }
  if (isServiceTag(first)) {
    reader.gathering.addServiceTags(list);
    return reader.counted("service tags", list.length);
  }
  for (const shape of list) readResource(shape, reader);
}

function readResource(shape: Shape, reader: Reader): void {
  const type = typeOf(shape);
  if (type !== "" && reader.gathering.add(type, shape, reader.file)) {
    reader.counted(type);
    const id = text.parse(shape["id"]);
    if (id !== null) reader.sources.set(idKey(id), reader.file);
    if (isBare(type, shape))
      reader.note(
        `${text.parse(shape["name"]) ?? "a resource"} has no details: export it with its own command, not with az resource list`,
      );
    return;
  }
  const wrapped = wrappers.find((key) => Array.isArray(shape[key]));
  if (
    wrapped !== undefined &&
    (type === "" || !type.includes("/") || type.startsWith("microsoft.network/servicetags"))
  ) {
    const inner = shape[wrapped] as unknown[];
    if (inner.length > 0) readDocument(inner, reader);
    if (typeof shape["nextlink"] === "string")
      reader.note("there are more pages than this one: nextLink is set");
    return;
  }
  reader.note(
    type === ""
      ? "a document of an unknown kind was passed over"
      : `${type} does not matter here, and was passed over`,
  );
}

/** The type of a resource: by its id, by the field `type`, or by what it holds. */
function typeOf(shape: Shape): string {
  const byId = resourceId(text.parse(shape["id"]) ?? "").type;
  if (byId !== "") return byId;
  if (Array.isArray(shape["effectivesecurityrules"])) return "effective-nsg";
  const type = (text.parse(shape["type"]) ?? "").toLowerCase();
  if (type.includes("/")) return type.startsWith("microsoft.network/dnszones") ? "" : type;
  if ("securityrules" in shape) return "microsoft.network/networksecuritygroups";
  if ("virtualnetworkpeerings" in shape || "addressspace" in shape)
    return "microsoft.network/virtualnetworks";
  return "";
}

function isEffectiveRoute(shape: Shape): boolean {
  return (
    !("id" in shape && shape["id"] !== null) &&
    "nexthoptype" in shape &&
    "addressprefix" in shape &&
    ("source" in shape || "state" in shape)
  );
}

function isServiceTag(shape: Shape): boolean {
  return Array.isArray(shape["addressprefixes"]) && ("systemservice" in shape || "changenumber" in shape);
}

const details: Readonly<Record<string, string>> = {
  "microsoft.network/virtualnetworks": "addressspace",
  "microsoft.network/networksecuritygroups": "securityrules",
  "microsoft.network/routetables": "routes",
  "microsoft.network/privateendpoints": "privatelinkserviceconnections",
};

/** Lists of resources of all kinds have no details. */
function isBare(type: string, shape: Shape): boolean {
  const key = details[type];
  return key !== undefined && !(key in shape);
}
