const text = { type: "string" } as const;
const texts = { type: "object", additionalProperties: text } as const;
const flag = { type: "boolean" } as const;
const number = { type: "number" } as const;

function members(required: readonly string[], properties: object) {
  return { type: "object", required, properties, additionalProperties: false } as const;
}

function definition(name: string) {
  return { $ref: `#/definitions/${name}` } as const;
}

const generate = {
  type: "object",
  required: ["minLength"],
  properties: {
    minLength: number,
    lower: flag,
    upper: flag,
    numeric: flag,
    special: flag,
    minLower: number,
    minUpper: number,
    minNumeric: number,
    minSpecial: number,
  },
  additionalProperties: false,
} as const;

const definitions = {
  args: { type: "array", items: text },
  env: texts,
  bindings: {
    type: "object",
    additionalProperties: members(["scheme", "protocol", "transport"], {
      scheme: text,
      protocol: { enum: ["tcp", "udp"] },
      transport: { enum: ["http", "http2", "tcp"] },
      external: flag,
      targetPort: number,
      port: number,
    }),
  },
  volumes: {
    type: "array",
    items: members(["name", "target", "readOnly"], { name: text, target: text, readOnly: flag }),
  },
  bindMounts: {
    type: "array",
    items: members(["source", "target", "readOnly"], { source: text, target: text, readOnly: flag }),
  },
  build: members(["context", "dockerfile"], {
    context: text,
    dockerfile: text,
    stage: text,
    buildOnly: flag,
    args: texts,
    secrets: {
      type: "object",
      additionalProperties: {
        type: "object",
        required: ["type"],
        oneOf: [
          { required: ["value"], properties: { type: { const: "env" }, value: text } },
          { required: ["source"], properties: { type: { const: "file" }, source: text } },
        ],
      },
    },
  }),
  params: {
    type: "object",
    additionalProperties: { type: ["array", "boolean", "number", "object", "string"] },
  },
  input: members(["type"], {
    type: { enum: ["string"] },
    secret: flag,
    default: {
      type: "object",
      oneOf: [members(["generate"], { generate }), members(["value"], { value: text })],
    },
  }),
  scope: {
    type: "object",
    properties: { resourceGroup: text, subscription: text, tenant: { const: "current" } },
  },
} as const;

const run = {
  args: definition("args"),
  env: definition("env"),
  bindings: definition("bindings"),
} as const;
const mounts = { bindMounts: definition("bindMounts"), volumes: definition("volumes") } as const;
const azure = { connectionString: text, path: text, params: definition("params") } as const;

/** Members of each type of resource, but for its `type`. */
const kinds: Readonly<Record<string, readonly [required: readonly string[], properties: object]>> = {
  "azure.bicep.v0": [["path"], azure],
  "azure.bicep.v1": [["path"], { ...azure, scope: definition("scope") }],
  "parameter.v0": [
    ["value", "inputs"],
    {
      value: text,
      connectionString: text,
      inputs: { type: "object", additionalProperties: definition("input") },
    },
  ],
  "value.v0": [["connectionString"], { connectionString: text }],
  "annotated.string": [["value", "filter"], { value: text, filter: { enum: ["uri"] } }],
  "executable.v0": [["command", "workingDirectory"], { workingDirectory: text, command: text, ...run }],
  "container.v0": [["image"], { connectionString: text, image: text, entrypoint: text, ...run, ...mounts }],
  "container.v1": [
    [],
    {
      connectionString: text,
      image: text,
      build: definition("build"),
      entrypoint: text,
      deployment: { type: "object" },
      ...run,
      ...mounts,
    },
  ],
  "dockerfile.v0": [
    ["path", "context"],
    { path: text, context: text, env: definition("env"), bindings: definition("bindings"), buildArgs: texts },
  ],
  "project.v0": [["path"], { path: text, ...run }],
  "project.v1": [["path"], { path: text, deployment: { type: "object" }, ...run }],
};

/** Address of the schema, which readers of the manifest know. */
export const manifestSchemaId = "https://json.schemastore.org/aspire-8.0.json";

/**
 * What `aspire-manifest.json` may look like: the rules of the schema at {@link manifestSchemaId} for the types of resources that
 * are written here, said per type so that an error names the one thing that is wrong. Types that it does not know pass.
 */
export const manifestSchema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  type: "object",
  required: ["resources"],
  properties: {
    $schema: text,
    resources: {
      type: "object",
      additionalProperties: {
        type: "object",
        required: ["type"],
        properties: { type: text },
        allOf: Object.entries(kinds).map(([type, [required, properties]]) => ({
          if: { properties: { type: { const: type } } },
          // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
          then: {
            ...members(required, { type: text, ...properties }),
            ...(type === "container.v1" && { oneOf: [{ required: ["build"] }, { required: ["image"] }] }),
          },
        })),
      },
    },
  },
  definitions,
} as const;
