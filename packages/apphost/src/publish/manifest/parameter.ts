import type { GenerateRule } from "../../model/generate.ts";
import type { ParameterResource } from "../../model/parameter.ts";
import type { ManifestEntry } from "./entry.ts";

/** How long a made-up value is where the app does not say. */
const defaultLength = 22;

/**
 * A parameter, which whoever deploys gives, or makes up by its rule.
 *
 * @param isConnectionString whether others read it as `{name.connectionString}`
 */
export function parameterEntry(parameter: ParameterResource, isConnectionString: boolean): ManifestEntry {
  const { name, secret, generate, publishedDefault } = parameter;
  const preset =
    publishedDefault !== undefined
      ? { value: publishedDefault }
      : generate && { generate: written(generate) };
  return {
    type: "parameter.v0",
    ...(isConnectionString && { connectionString: `{${name}.value}` }),
    value: `{${name}.inputs.value}`,
    inputs: {
      value: { type: "string", ...(secret && { secret }), ...(preset !== undefined && { default: preset }) },
    },
  };
}

/** Only what differs from the readers' defaults: all classes allowed, none of them needed. */
function written(rule: GenerateRule): Record<string, number | boolean> {
  const classes = (["lower", "upper", "numeric", "special"] as const).filter((one) => rule[one] === false);
  const least = (["minLower", "minUpper", "minNumeric", "minSpecial"] as const).flatMap((one) => {
    const count = rule[one] ?? 0;
    return count > 0 ? [[one, count] as const] : [];
  });
  return {
    minLength: rule.minLength ?? defaultLength,
    ...Object.fromEntries(classes.map((one) => [one, false])),
    ...Object.fromEntries(least),
  };
}
