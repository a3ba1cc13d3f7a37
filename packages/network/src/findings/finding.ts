import { type FindingId, findingTable, type Severity } from "./table.ts";

/** A change that mends something, exactly as it is to be made. */
export interface Fix {
  /** What it does, in words. */
  readonly says: string;
  /** An `az` command; `null` where there is none. */
  readonly command: string | null;
  /** The same in Bicep; `null` where it is no change of a resource. */
  readonly bicep: string | null;
}

/** Something that is wrong, or good to know. */
export interface Finding {
  readonly id: FindingId;
  readonly severity: Severity;
  readonly title: string;
  /** Name of the cache that it is about; `null` for none. */
  readonly cache: string | null;
  /** The id of the resource that is to be changed, or looked at. */
  readonly resource: string | null;
  readonly message: string;
  readonly fixes: readonly Fix[];
  /** Ids of the flows that fail. */
  readonly flows: readonly string[];
  /** Path of its page, below the documentation's root. */
  readonly page: string;
}

/** What {@link finding} is told. */
export interface FindingParts {
  readonly cache?: string | null;
  readonly resource?: string | null;
  readonly severity?: Severity;
  readonly fixes?: readonly Fix[];
  readonly flows?: readonly string[];
}

/** Makes a finding of a row of the table. */
export function finding(id: FindingId, message: string, parts: FindingParts = {}): Finding {
  const { severity, title } = findingTable[id];
  const { cache = null, resource = null, fixes = [], flows = [] } = parts;
  return {
    id,
    severity: parts.severity ?? severity,
    title,
    cache,
    resource,
    message,
    fixes,
    flows,
    page: `network/${id}.md`,
  };
}

/** A change that is made by a command. */
export function fix(says: string, command: string | null = null, bicep: string | null = null): Fix {
  return { says, command, bicep };
}
