/** What a snippet is written for. No secret is among it: snippets read it from the environment. */
export interface SnippetFacts {
  readonly service: string;
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly tls: boolean;
  /** Path of the CA's certificate. */
  readonly caFile: string;
  readonly cluster: boolean;
  /** Words behind `redoubt service connection-info SERVICE FORM` that name the same user and database. */
  readonly options: string;
  /** 0 where none was chosen. */
  readonly database: number;
}

/** A program, or a command, that connects. */
export interface Snippet {
  /** As in `redoubt service connection-info NAME node-redis`. */
  readonly name: string;
  readonly title: string;
  text(facts: SnippetFacts): string;
}

/** How the shell sets a variable to a connection string of a service. */
export function exported(variable: string, form: string, { service, options }: SnippetFacts): string {
  return `export ${variable}="$(redoubt service connection-info ${service} ${form}${options})"`;
}

/** A text as a literal of JavaScript, Python, Go, Java, C#: they agree about JSON's. */
export const quoted = (text: string): string => JSON.stringify(text);

/** Lines without those that are `false`. */
export function lines(...parts: readonly (string | false)[]): string {
  return parts.filter((part) => part !== false).join("\n");
}
