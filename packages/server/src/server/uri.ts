/** What a connection string of this package can say. */
export interface UriParts {
  readonly tls: boolean;
  readonly host: string;
  readonly port: number;
  readonly username?: string;
  /** `null`: no login. */
  readonly password: string | null;
  /** Parameters behind the question mark; undefined ones are left out. */
  readonly parameters?: Readonly<Record<string, string | undefined>>;
}

/** Writes a connection string (URL dialect). Everything is percent-coded where it must be. */
export function formatUri({ tls, host, port, username, password, parameters = {} }: UriParts): string {
  const login =
    password === null ? "" : `${encodeURIComponent(username ?? "default")}:${encodeURIComponent(password)}@`;
  const query = Object.entries(parameters)
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .map(([key, value]) => `${key}=${encodeURIComponent(value).replaceAll("%2F", "/")}`)
    .join("&");
  const address = host.includes(":") ? `[${host}]` : host;
  return `${tls ? "rediss" : "redis"}://${login}${address}:${port}${query === "" ? "" : `?${query}`}`;
}
