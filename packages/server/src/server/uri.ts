/** What a connection string of this package can say. */
export interface UriParts {
  readonly tls: boolean;
  readonly endpoints: readonly { readonly host: string; readonly port: number }[];
  readonly username?: string;
  /** `null`: no login. */
  readonly password: string | null;
  /** Parameters behind the question mark; undefined ones are left out. */
  readonly parameters?: Readonly<Record<string, string | undefined>>;
}

/** Writes a connection string (URL dialect). Everything is percent-coded where it must be. */
export function formatUri({ tls, endpoints, username, password, parameters = {} }: UriParts): string {
  const login =
    password === null ? "" : `${encodeURIComponent(username ?? "default")}:${encodeURIComponent(password)}@`;
  const query = Object.entries(parameters)
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .map(([key, value]) => `${key}=${encodeURIComponent(value).replaceAll("%2F", "/")}`)
    .join("&");
  const addresses = endpoints.map(({ host, port }) => `${host.includes(":") ? `[${host}]` : host}:${port}`);
  return `${tls ? "rediss" : "redis"}://${login}${addresses.join(",")}${query === "" ? "" : `?${query}`}`;
}
