import { isList, type OneOrMore } from "../argument.ts";
import type { RedisArgument } from "../command.ts";

/** The fields of an index: by type alone, or with options; several for a field that is indexed in several ways. */
export type Schema = Readonly<Record<string, OneOrMore<SchemaField>>>;

export type SchemaFieldType = "TEXT" | "NUMERIC" | "GEO" | "TAG" | "VECTOR" | "GEOSHAPE";

export type SchemaField =
  | Exclude<SchemaFieldType, "VECTOR">
  | TextField
  | TagField
  | NumericField
  | GeoShapeField
  | VectorField;

/** Options of every field. */
export interface FieldOptions {
  /** Its name in queries. */
  readonly AS?: RedisArgument | undefined;
  /** Index also that it is missing. */
  readonly INDEXMISSING?: boolean | undefined;
}

/** Options of fields that results can be sorted by. */
export interface SortableFieldOptions extends FieldOptions {
  /** `UNF`: by the value as it is written. */
  readonly SORTABLE?: boolean | "UNF" | undefined;
  readonly NOINDEX?: boolean | undefined;
}

export interface TextField extends SortableFieldOptions {
  readonly type: "TEXT";
  readonly NOSTEM?: boolean | undefined;
  readonly WEIGHT?: number | undefined;
  readonly PHONETIC?: "dm:en" | "dm:fr" | "dm:pt" | "dm:es" | undefined;
  readonly WITHSUFFIXTRIE?: boolean | undefined;
  readonly INDEXEMPTY?: boolean | undefined;
}

export interface TagField extends SortableFieldOptions {
  readonly type: "TAG";
  readonly SEPARATOR?: RedisArgument | undefined;
  readonly CASESENSITIVE?: boolean | undefined;
  readonly WITHSUFFIXTRIE?: boolean | undefined;
  readonly INDEXEMPTY?: boolean | undefined;
}

export interface NumericField extends SortableFieldOptions {
  readonly type: "NUMERIC" | "GEO";
}

export interface GeoShapeField extends FieldOptions {
  readonly type: "GEOSHAPE";
  readonly COORD_SYSTEM?: "SPHERICAL" | "FLAT" | undefined;
}

/** A field of vectors; each algorithm has options of its own. */
export interface VectorField extends FieldOptions {
  readonly type: "VECTOR";
  readonly ALGORITHM: "FLAT" | "HNSW" | "SVS-VAMANA";
  readonly TYPE: "FLOAT32" | "FLOAT64" | "BFLOAT16" | "FLOAT16" | "INT8" | "UINT8";
  readonly DIM: number;
  readonly DISTANCE_METRIC: "L2" | "IP" | "COSINE";
  readonly INITIAL_CAP?: number | undefined;
  /** `FLAT`. */
  readonly BLOCK_SIZE?: number | undefined;
  /** `HNSW`. */
  readonly M?: number | undefined;
  readonly EF_CONSTRUCTION?: number | undefined;
  readonly EF_RUNTIME?: number | undefined;
  readonly RERANK?: boolean | undefined;
  /** `SVS-VAMANA`. */
  readonly COMPRESSION?: "LVQ4" | "LVQ8" | "LVQ4x4" | "LVQ4x8" | "LeanVec4x8" | "LeanVec8x8" | undefined;
  readonly CONSTRUCTION_WINDOW_SIZE?: number | undefined;
  readonly GRAPH_MAX_DEGREE?: number | undefined;
  readonly SEARCH_WINDOW_SIZE?: number | undefined;
  readonly EPSILON?: number | undefined;
  readonly TRAINING_THRESHOLD?: number | undefined;
  readonly REDUCE?: number | undefined;
}

/** What each algorithm takes, in its order. */
const vectorOptions = {
  FLAT: ["BLOCK_SIZE"],
  HNSW: ["M", "EF_CONSTRUCTION", "EF_RUNTIME", "RERANK"],
  "SVS-VAMANA": [
    "COMPRESSION",
    "CONSTRUCTION_WINDOW_SIZE",
    "GRAPH_MAX_DEGREE",
    "SEARCH_WINDOW_SIZE",
    "EPSILON",
    "TRAINING_THRESHOLD",
    "REDUCE",
  ],
} as const;

/** The fields as arguments. */
export function schemaArguments(schema: Schema): RedisArgument[] {
  return Object.entries(schema).flatMap(([name, fields]) =>
    (isList(fields) ? fields : [fields]).flatMap((field) => [name, ...fieldArguments(field)]),
  );
}

function fieldArguments(field: SchemaField): RedisArgument[] {
  if (typeof field === "string") return [field];
  const args: RedisArgument[] = field.AS === undefined ? [] : ["AS", field.AS];
  args.push(field.type);
  if (field.type === "VECTOR") args.push(...vectorArguments(field));
  if (field.type === "GEOSHAPE" && field.COORD_SYSTEM !== undefined)
    args.push("COORD_SYSTEM", field.COORD_SYSTEM);
  if (field.INDEXMISSING) args.push("INDEXMISSING");
  if (field.type === "TEXT") {
    if (field.NOSTEM) args.push("NOSTEM");
    if (field.WEIGHT !== undefined) args.push("WEIGHT", field.WEIGHT);
    if (field.PHONETIC !== undefined) args.push("PHONETIC", field.PHONETIC);
  }
  if (field.type === "TAG") {
    if (field.SEPARATOR !== undefined) args.push("SEPARATOR", field.SEPARATOR);
    if (field.CASESENSITIVE) args.push("CASESENSITIVE");
  }
  if (field.type === "TEXT" || field.type === "TAG") {
    if (field.WITHSUFFIXTRIE) args.push("WITHSUFFIXTRIE");
    if (field.INDEXEMPTY) args.push("INDEXEMPTY");
  }
  if ("SORTABLE" in field && field.SORTABLE) {
    args.push("SORTABLE");
    if (field.SORTABLE === "UNF") args.push("UNF");
  }
  if ("NOINDEX" in field && field.NOINDEX) args.push("NOINDEX");
  return args;
}

function vectorArguments(field: VectorField): RedisArgument[] {
  const { ALGORITHM, TYPE, DIM, DISTANCE_METRIC, INITIAL_CAP } = field;
  const args = ["TYPE", TYPE, "DIM", DIM, "DISTANCE_METRIC", DISTANCE_METRIC];
  if (INITIAL_CAP !== undefined) args.push("INITIAL_CAP", INITIAL_CAP);
  for (const name of vectorOptions[ALGORITHM]) {
    const value = field[name];
    if (value !== undefined)
      args.push(name, typeof value === "boolean" ? String(value).toUpperCase() : value);
  }
  return [ALGORITHM, args.length, ...args];
}
