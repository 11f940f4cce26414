/** What a file system can hold, whoever asks. */
export interface Abilities {
  readonly owners: boolean
  readonly modes: boolean
  readonly symbolicLinks: boolean
  readonly hardLinks: boolean
  /** How many names a file may have. */
  readonly maxLinks: number
  readonly specialFiles: boolean
  readonly userXattrs: boolean
  readonly trustedXattrs: boolean
  readonly securityXattrs: boolean
  readonly acls: boolean
  /** Times are kept in steps of as many nanoseconds, between the earliest and the latest. */
  readonly timeStepNs: bigint
  readonly earliestNs: bigint
  readonly latestNs: bigint
  /** Whether names that differ only in case, or in their Unicode form, are one name. */
  readonly foldsNames: boolean
}

const second = 1_000_000_000n

/** What a file system of Linux's own holds. Times: as far as 64-bit seconds reach. */
export const fullAbilities: Abilities = {
  owners: true,
  modes: true,
  symbolicLinks: true,
  hardLinks: true,
  maxLinks: Number.POSITIVE_INFINITY,
  specialFiles: true,
  userXattrs: true,
  trustedXattrs: true,
  securityXattrs: true,
  acls: true,
  timeStepNs: 1n,
  earliestNs: -(2n ** 62n) * second,
  latestNs: 2n ** 62n * second,
  foldsNames: false,
}
