/** What explain says of one path. */
import * as library from '@facsimile/core'
import { type ExitCode, type Explanation, oneLine, type SyncOptions } from '@facsimile/core'
import { endOf } from './ended.js'
import { refuseGarbledDirectory } from './garbled-names.js'
import type { Io } from './io.js'
import type { Request } from './parse.js'
import type { Core } from './run-once.js'
import { exitCodeAfter, listenForStop } from './signals.js'
import { stateFolderFrom } from './state-folder.js'
import { leaveLostDirectory } from './working-directory.js'

type ExplainRequest = Extract<Request, { readonly kind: 'explain' }>

export async function explain(
  { folders, path, given }: ExplainRequest,
  io: Io,
  core: Core = library,
): Promise<ExitCode> {
  const paths = [folders.source, folders.replica]
  refuseGarbledDirectory(paths)
  leaveLostDirectory(paths)
  const stop = listenForStop({ host: io.host, now: io.clock.now, beforeEnd: () => {} })
  const stateFolder = stateFolderFrom(io.env)
  const options: SyncOptions = {
    ...given,
    ...folders,
    callerHelps: true,
    signal: stop.signal,
    ...(io.env['FACSIMILE_NATIVE'] === '0' ? { native: false } : {}),
    ...(stateFolder === undefined ? {} : { stateFolder }),
  }
  try {
    const explanation = await core.explainPath(options, path)
    io.stdout.write(explanationText(explanation))
    return 0
  } catch (error) {
    const { exitCode, failures } = endOf(error, stop.received())
    for (const { message } of failures) io.stderr.write(`facsimile: ${oneLine(message)}\n`)
    return exitCodeAfter(stop, exitCode)
  } finally {
    stop.dispose()
  }
}

/** One sentence, and a line for each difference where there are several. */
function explanationText({ message, differences }: Explanation): string {
  const lines = differences.length < 2 ? [] : differences.map(({ text }) => `  ${oneLine(text)}`)
  return [oneLine(message), ...lines].map(line => `${line}\n`).join('')
}
