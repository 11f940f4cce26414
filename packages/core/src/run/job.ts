/** A job is run in steps, between which it may be put aside. Its input and output are plain data. */
export type Job = (input: unknown) => Generator<void, unknown>

/** The jobs of one thread. */
export interface JobTable {
  readonly run: Readonly<Record<string, Job>>
  /** Lets go of what the jobs hold. */
  close(): void
}
