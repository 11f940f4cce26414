/** What is said of an error that nobody expected. */

/** With the stack, for this is a defect to be reported. */
export function internalMessage(error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return `internal error, please report it: ${text
    .split('\n')
    .map(line => line.trim())
    .join(' / ')}`
}
