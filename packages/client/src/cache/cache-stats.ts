/** What a cache has done so far, or between two looks at it: names and methods as in node-redis. */
export class CacheStats {
  /** Replies given from the cache. */
  readonly hitCount: number;
  /** Replies that had to be asked for. */
  readonly missCount: number;
  readonly loadSuccessCount: number;
  readonly loadFailureCount: number;
  /** How long all that was asked for took together, ms. */
  readonly totalLoadTime: number;
  /** Replies that went for lack of room. */
  readonly evictionCount: number;
  /** Keys that the server said had changed. */
  readonly invalidationCount: number;

  constructor(counts: CacheCounts) {
    this.hitCount = counts.hitCount;
    this.missCount = counts.missCount;
    this.loadSuccessCount = counts.loadSuccessCount;
    this.loadFailureCount = counts.loadFailureCount;
    this.totalLoadTime = counts.totalLoadTime;
    this.evictionCount = counts.evictionCount;
    this.invalidationCount = counts.invalidationCount;
  }

  requestCount(): number {
    return this.hitCount + this.missCount;
  }

  /** From 0 to 1; 1 when nothing was asked. */
  hitRate(): number {
    return share(this.hitCount, this.requestCount(), 1);
  }

  missRate(): number {
    return share(this.missCount, this.requestCount(), 0);
  }

  loadCount(): number {
    return this.loadSuccessCount + this.loadFailureCount;
  }

  loadFailureRate(): number {
    return share(this.loadFailureCount, this.loadCount(), 0);
  }

  /** ms. */
  averageLoadPenalty(): number {
    return share(this.totalLoadTime, this.loadCount(), 0);
  }

  /** What happened since an earlier look. */
  minus(earlier: CacheStats): CacheStats {
    return new CacheStats(combined(this, earlier, (now, then) => Math.max(0, now - then)));
  }

  /** Two caches together. */
  plus(other: CacheStats): CacheStats {
    return new CacheStats(combined(this, other, (one, two) => one + two));
  }
}

/** The numbers that {@link CacheStats} is made of. */
export type CacheCounts = {
  -readonly [Name in keyof CacheStats as CacheStats[Name] extends number ? Name : never]: number;
};

/** Nothing has happened. */
export function noCounts(): CacheCounts {
  return {
    hitCount: 0,
    missCount: 0,
    loadSuccessCount: 0,
    loadFailureCount: 0,
    totalLoadTime: 0,
    evictionCount: 0,
    invalidationCount: 0,
  };
}

function combined(a: CacheCounts, b: CacheCounts, combine: (a: number, b: number) => number): CacheCounts {
  const counts = noCounts();
  for (const name of Object.keys(counts) as (keyof CacheCounts)[]) counts[name] = combine(a[name], b[name]);
  return counts;
}

function share(part: number, whole: number, ofNothing: number): number {
  return whole === 0 ? ofNothing : part / whole;
}
