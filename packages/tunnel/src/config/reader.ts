import { readFileSync } from "node:fs";
import { nearestName, type RedoubtError, Secret } from "@redoubt/client";
import { isMap, isScalar, isSeq, type Node, type YAMLMap } from "yaml";
import type { Place } from "./place.ts";

/** Variables that a file may name. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** A map of a file whose keys are known; each is read once, as what it must be. */
export class MapReader {
  readonly #map: YAMLMap;
  readonly #path: string;
  readonly #place: Place;
  readonly #variables: Variables;

  /**
   * @param path of the map in the file, for messages: empty, or ending in a dot
   * @param known all keys that there may be
   * @throws RedoubtError `CONFIG_INVALID_VALUE` for what is no map, `CONFIG_UNKNOWN_KEY`
   */
  constructor(node: Node | null, path: string, known: readonly string[], place: Place, variables: Variables) {
    this.#path = path;
    this.#place = place;
    this.#variables = variables;
    if (!isMap(node))
      throw place.error(
        "CONFIG_INVALID_VALUE",
        node,
        `${path === "" ? "the file" : path.slice(0, -1)} is no map of keys`,
      );
    this.#map = node;
    for (const { key } of node.items) {
      const name = isScalar(key) ? String(key.value) : "";
      if (known.includes(name)) continue;
      const nearest = nearestName(name, known);
      const guess =
        nearest === null ? `Known are: ${known.join(", ")}.` : `Did you mean "${path}${nearest}"?`;
      // A key that is far from all others may be a value in the wrong place: it is not repeated.
      const said = nearest === null ? "there is no such key" : `there is no key "${path}${name}"`;
      throw place.error("CONFIG_UNKNOWN_KEY", key as Node, said, guess);
    }
  }

  has(key: string): boolean {
    return this.#map.has(key);
  }

  text(key: string): string | undefined {
    return this.#scalar(key, "a text", (value) => typeof value === "string" && value !== "");
  }

  flag(key: string): boolean | undefined {
    return this.#scalar(key, "true or false", (value) => typeof value === "boolean");
  }

  number(key: string, least: number, most: number): number | undefined {
    return this.#scalar(
      key,
      `a whole number from ${least} to ${most}`,
      (value) => typeof value === "number" && Number.isInteger(value) && value >= least && value <= most,
    );
  }

  word<Word extends string>(key: string, words: readonly Word[]): Word | undefined {
    return this.#scalar(key, `one of: ${words.join(", ")}`, (value) => words.includes(value as Word));
  }

  /** One text, or a list of them; a number counts as a text, for ports. */
  texts(key: string): readonly string[] | undefined {
    const node = this.#node(key);
    if (node === undefined) return undefined;
    const items = isSeq(node) ? node.items : [node];
    const texts = items.map((item) => (isScalar(item) ? item.value : null));
    if (texts.length > 0 && texts.every((text) => typeof text === "string" || typeof text === "number"))
      return texts.map(String);
    throw this.#wrong(key, "a text or a list of texts");
  }

  /** A map below this one. */
  map(key: string, known: readonly string[]): MapReader | undefined {
    const node = this.#node(key);
    return node === undefined
      ? undefined
      : new MapReader(node, `${this.#path}${key}.`, known, this.#place, this.#variables);
  }

  /** Names of a map whose keys are free. */
  names(key: string): readonly string[] {
    const node = this.#node(key);
    if (node === undefined) return [];
    if (!isMap(node)) throw this.#wrong(key, "a map of names");
    return node.items.map((item) => (isScalar(item.key) ? String(item.key.value) : ""));
  }

  /**
   * What must not lie around: the text itself, `env: NAME`, or `file: path`.
   * @returns the text, and whether it stands in this very file
   */
  secret(key: string): { readonly secret: Secret; readonly isHere: boolean } | undefined {
    const node = this.#node(key);
    if (node === undefined) return undefined;
    if (isScalar(node) && typeof node.value === "string" && node.value !== "")
      return { secret: new Secret(node.value), isHere: true };
    if (!isMap(node)) throw this.#wrong(key, "a text, { env: NAME } or { file: path }");
    const from = new MapReader(node, `${this.#path}${key}.`, ["env", "file"], this.#place, this.#variables);
    const variable = from.text("env");
    const file = from.text("file");
    if ((variable === undefined) === (file === undefined)) throw this.#wrong(key, "either env or file");
    if (variable !== undefined) return { secret: this.#ofVariable(key, variable), isHere: false };
    return { secret: this.#ofFile(key, file as string), isHere: false };
  }

  /** The error for a key that must be there. */
  missing(key: string, hint: string): RedoubtError {
    return this.#place.error("CONFIG_MISSING", this.#map, `"${this.#path}${key}" is missing`, hint);
  }

  #ofVariable(key: string, name: string): Secret {
    const text = this.#variables[name];
    if (text) return new Secret(text);
    throw this.#place.error(
      "CONFIG_MISSING",
      this.#node(key) ?? null,
      `"${this.#path}${key}": the variable ${name} is not set`,
    );
  }

  #ofFile(key: string, path: string): Secret {
    try {
      return new Secret(readFileSync(path, "utf8").replace(/\r?\n$/, ""));
    } catch (cause) {
      const { code = "unreadable" } = cause as NodeJS.ErrnoException;
      throw this.#place.error(
        "CONFIG_FILE",
        this.#node(key) ?? null,
        `"${this.#path}${key}": ${path} cannot be read (${code})`,
      );
    }
  }

  #scalar<Value>(key: string, what: string, fits: (value: unknown) => boolean): Value | undefined {
    const node = this.#node(key);
    if (node === undefined) return undefined;
    if (isScalar(node) && fits(node.value)) return node.value as Value;
    throw this.#wrong(key, what);
  }

  #node(key: string): Node | undefined {
    return this.#map.get(key, true) as Node | undefined;
  }

  #wrong(key: string, what: string): RedoubtError {
    const message = `"${this.#path}${key}" must be ${what}`;
    return this.#place.error("CONFIG_INVALID_VALUE", this.#node(key) ?? null, message);
  }
}
