/** What any scheduler is told of a job: what to call. What may hold odd names stays in the job's file. */
import type { Job } from './job.js'

export interface Entry {
  readonly job: Job
  /** The program, and its arguments. */
  readonly call: readonly string[]
}

/** Said by schedulers that cannot say when: it runs only if it is due. */
export const ifDue = '--if-due'

export function unitName({ name }: Pick<Job, 'name'>): string {
  return `facsimile-${name}`
}
