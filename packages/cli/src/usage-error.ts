/** The command was called in a way it cannot follow. The message is one sentence for the user; nothing was touched. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'UsageError'
  }
}
