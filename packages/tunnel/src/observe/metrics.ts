/** Values of labels, by their names. Few different ones: each combination is kept for good. */
export type Labels = Readonly<Record<string, string>>;

/** A number that only grows. */
export class Counter {
  value = 0;

  add(more = 1): void {
    this.value += more;
  }
}

/** How often a value fell below each of some bounds. */
export class Histogram {
  readonly bounds: readonly number[];
  /** One more than bounds: the last is for everything above. Not cumulated. */
  readonly counts: number[];
  sum = 0;

  /** @param bounds upper bounds, ascending, each included */
  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.counts = Array<number>(bounds.length + 1).fill(0);
  }

  observe(value: number): void {
    let at = 0;
    while (at < this.bounds.length && value > (this.bounds[at] as number)) at++;
    this.counts[at] = (this.counts[at] as number) + 1;
    this.sum += value;
  }
}

interface Family {
  readonly type: "counter" | "gauge" | "histogram";
  readonly help: string;
  /** By the labels as they are written, `listener="a",reason="b"`. */
  readonly members: Map<string, Counter | Histogram | (() => number)>;
}

/**
 * Counters and histograms by name, written as Prometheus reads them. Counting is one addition: the text is only made when
 * somebody asks.
 */
export class Metrics {
  readonly #families = new Map<string, Family>();

  /** The counter of that name and those labels, made if absent. By convention the name ends in `_total`. */
  counter(name: string, help: string, labels: Labels = {}): Counter {
    return this.#member(name, "counter", help, labels, () => new Counter()) as Counter;
  }

  /** The histogram of that name and those labels, made if absent. */
  histogram(name: string, help: string, bounds: readonly number[], labels: Labels = {}): Histogram {
    return this.#member(name, "histogram", help, labels, () => new Histogram(bounds)) as Histogram;
  }

  /** A value that is read when somebody asks for it; a second one of the same name and labels takes its place. */
  gauge(name: string, help: string, read: () => number, labels: Labels = {}): void {
    this.#read(name, "gauge", help, read, labels);
  }

  /** A number that only grows and is kept elsewhere: read when somebody asks. */
  counted(name: string, help: string, read: () => number, labels: Labels = {}): void {
    this.#read(name, "counter", help, read, labels);
  }

  /** Text of the exposition format 0.0.4. */
  text(): string {
    const lines: string[] = [];
    for (const [name, { type, help, members }] of this.#families) {
      lines.push(
        `# HELP ${name} ${help.replace(/\\/g, "\\\\").replace(/\n/g, "\\n")}`,
        `# TYPE ${name} ${type}`,
      );
      for (const [labels, member] of members)
        if (member instanceof Histogram) lines.push(...histogramLines(name, labels, member));
        else
          lines.push(
            `${series(name, labels)} ${number(member instanceof Counter ? member.value : member())}`,
          );
    }
    return `${lines.join("\n")}\n`;
  }

  #read(name: string, type: Family["type"], help: string, read: () => number, labels: Labels): void {
    this.#family(name, type, help).members.set(written(labels), read);
  }

  #member(name: string, type: Family["type"], help: string, labels: Labels, make: () => Counter | Histogram) {
    const { members } = this.#family(name, type, help);
    const key = written(labels);
    const known = members.get(key) ?? make();
    members.set(key, known);
    return known;
  }

  #family(name: string, type: Family["type"], help: string): Family {
    const known = this.#families.get(name) ?? { type, help, members: new Map() };
    this.#families.set(name, known);
    return known;
  }
}

function histogramLines(name: string, labels: string, { bounds, counts, sum }: Histogram): string[] {
  let below = 0;
  const lines = counts.map((count, i) => {
    below += count;
    const bound = `le="${i < bounds.length ? number(bounds[i] as number) : "+Inf"}"`;
    return `${series(`${name}_bucket`, labels === "" ? bound : `${labels},${bound}`)} ${below}`;
  });
  return [
    ...lines,
    `${series(`${name}_sum`, labels)} ${number(sum)}`,
    `${series(`${name}_count`, labels)} ${below}`,
  ];
}

function series(name: string, labels: string): string {
  return labels === "" ? name : `${name}{${labels}}`;
}

function written(labels: Labels): string {
  return Object.entries(labels)
    .map(
      ([name, value]) =>
        `${name}="${value.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n")}"`,
    )
    .join(",");
}

function number(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return "+Inf";
  return value === Number.NEGATIVE_INFINITY ? "-Inf" : String(value);
}
