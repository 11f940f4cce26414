/**
 * The whole command: arguments in, exit code out. What a run needs is one file, loaded with the library when there is a run to
 * be done: help and refusals do without, and start fast.
 */
import type { ExitCode } from '@facsimile/core'
import { usageExitCode } from './exit-codes.js'
import { internalMessage } from './internal-message.js'
import { columnsOf, type Io } from './io.js'
import { parseArguments } from './parse.js'
import type { Core } from './run-once.js'
import { UsageError } from './usage-error.js'

interface CliOptions {
  /** The library to call; by default the real one, loaded when it is needed. */
  readonly core?: Core
}

/** @param argv what follows the name of the command */
export async function run(argv: readonly string[], io: Io, { core }: CliOptions = {}): Promise<ExitCode> {
  // A reader that goes away (`| head`) must not take the run down.
  for (const stream of [io.stdout, io.stderr]) stream.on('error', () => {})
  try {
    const request = parseArguments(argv, columnsOf(io.stdout))
    switch (request.kind) {
      case 'help':
        io.stdout.write(request.text)
        return 0
      case 'version': {
        const { readVersion } = await import('./version.js')
        io.stdout.write(`${readVersion()}\n`)
        return 0
      }
      case 'undo': {
        const { undoOnce } = await import('./undo-once.js')
        return await undoOnce(request, io)
      }
      case 'schedule': {
        const { schedule } = await import('./jobs/schedule.js')
        return await schedule(request, io, core)
      }
      case 'status': {
        const { status } = await import('./history/status.js')
        return await status(request, io)
      }
      case 'run':
      case 'apply': {
        const { runSession } = await import('./session.js')
        return await runSession(request, io, core)
      }
      case 'explain': {
        const { explain } = await import('./session.js')
        return await explain(request, io, core)
      }
    }
  } catch (error) {
    const { oneLine } = await import('@facsimile/core')
    const isUsage = error instanceof UsageError
    // What nobody caught is said here: Node would print it with all that names and paths may hold.
    const message = isUsage ? error.message : internalMessage(error)
    io.stderr.write(`facsimile: ${oneLine(message)}\n`)
    return isUsage ? usageExitCode : 1
  }
}
