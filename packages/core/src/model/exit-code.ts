/**
 * How a run ended, as the exit status of the command line and as `Report.exitCode`.
 *
 * 0 the replica equals the source as scanned; 1 internal error; 2 usage; 11 the replica's storage failed;
 * 23 some entries failed or were withheld; 24 the source changed meanwhile; 25 refused: too many deletions;
 * 26 refused: a root; 27 another run holds the replica; 28 a difference was found; 129, 130, 143 stopped.
 */
export type ExitCode = 0 | 1 | 2 | 11 | 23 | 24 | 25 | 26 | 27 | 28 | 129 | 130 | 143

/** Most severe first. */
const severity: readonly ExitCode[] = [129, 130, 143, 1, 2, 26, 27, 25, 11, 23, 28, 24, 0]

/** The most severe of several exit codes; 0 of none. */
export function worstExitCode(codes: Iterable<ExitCode>): ExitCode {
  let worst: ExitCode = 0
  for (const code of codes) if (severity.indexOf(code) < severity.indexOf(worst)) worst = code
  return worst
}
