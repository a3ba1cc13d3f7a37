/** The module `@peculiar/x509`. */
export type X509Library = typeof import("@peculiar/x509");

let loading: Promise<X509Library> | undefined;

/**
 * Loads `@peculiar/x509` on first use: it takes about 80 ms, which a server without TLS need not pay.
 *
 * Its dependency injection asks for the `Reflect` metadata functions while it loads, and only then. They are lent to it
 * for that moment, so that this package neither changes a global for good nor drags in a polyfill.
 */
export function loadX509(): Promise<X509Library> {
  loading ??= withMetadata(() => import("@peculiar/x509"));
  return loading;
}

async function withMetadata<T>(load: () => Promise<T>): Promise<T> {
  const values = new WeakMap<object, Map<unknown, unknown>>();
  const get = (key: unknown, target: object) => values.get(target)?.get(key);
  const lent: Record<string, unknown> = {
    getMetadata: get,
    getOwnMetadata: get,
    defineMetadata: (key: unknown, value: unknown, target: object) => {
      values.set(target, (values.get(target) ?? new Map()).set(key, value));
    },
  };
  const reflect = Reflect as unknown as Record<string, unknown>;
  const missing = Object.keys(lent).filter((name) => reflect[name] === undefined);
  for (const name of missing) reflect[name] = lent[name];
  try {
    return await load();
  } finally {
    // Somebody may have loaded a real polyfill meanwhile: only take back what is still ours.
    for (const name of missing) if (reflect[name] === lent[name]) delete reflect[name];
  }
}
