import type { ExitCode } from '@facsimile/core'

/** The signals that stop a run cleanly. */
export const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export type StopSignal = (typeof stopSignals)[number]

/** What a run that a signal stopped ends with. */
export const signalExitCodes: Readonly<Record<StopSignal, ExitCode>> = {
  SIGINT: 130,
  SIGTERM: 143,
  SIGHUP: 129,
}

/** The command was called wrongly; nothing was touched. */
export const usageExitCode: ExitCode = 2

/** Something was left undone, here: the log that was asked for, or what stdout was to hold. */
export const incompleteExitCode: ExitCode = 23

/** What each exit status means, for the help. */
export const exitCodeTexts: readonly (readonly [codes: string, meaning: string])[] = [
  ['0', 'the replica equals the source as scanned'],
  ['1', 'internal error'],
  ['2', 'usage or configuration; nothing was touched'],
  ['11', 'the storage of the replica failed (full, read-only, I/O)'],
  ['23', 'finished, but some entries failed or were withheld'],
  ['24', 'finished, but something changed meanwhile; run again'],
  ['25', 'refused: too many deletions'],
  ['26', 'refused: a root (missing, empty, nested, the same, a file)'],
  ['27', 'another run holds the replica'],
  ['28', 'check or --verify found a difference; status: too old'],
  ['129, 130, 143', 'stopped by a signal; nothing is torn'],
]
