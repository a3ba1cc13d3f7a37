/**
 * The Bicep symbol of a resource: what is no letter, digit or underscore becomes `_`, and a leading digit gets one before it.
 * Source: the generator of upstream's modules. `redis-cache` gives `redis_cache`.
 */
export function bicepSymbol(name: string): string {
  return name.replace(/[^A-Za-z0-9_]/g, "_").replace(/^(?=\d)/, "_");
}

/**
 * The parameter of a module that takes the value of an expression: braces off, `.` and `-` to `_`, lower case.
 * `{redis-cache.outputs.name}` gives `redis_cache_outputs_name`.
 */
export function parameterSymbol(expression: string): string {
  const bare = expression.replace(/[{}]/g, "").replace(/[.-]/g, "_").toLowerCase();
  return bicepSymbol(bare);
}
