import pLimit from 'p-limit'

/** Runs at most so many of the given functions at once; the others wait in line. */
export type Limit = <T>(work: () => Promise<T>) => Promise<T>

/**
 * A limit on what is under way at once. Feed it from a producer that is itself bounded: each waiting function
 * costs nearly a kilobyte.
 */
export function createLimit(concurrency: number): Limit {
  return pLimit(concurrency)
}
