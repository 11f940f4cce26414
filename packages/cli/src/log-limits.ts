import type { Given } from './flag.js'
import type { Clock } from './io.js'
import type { LogFile } from './log-file.js'
import { defaultKeep, LogKeeper, type LogLimits } from './log-keeper.js'
import { millisecondsOf } from './values.js'

/** Has the log looked after. Loaded by calls that last, or that limit it. */
export function keepLog(log: LogFile, given: Given, clock: Clock): void {
  log.keepBy(new LogKeeper(log.path, limitsIn(given), clock))
}

function limitsIn({ logMaxBytes, logMaxAge, logKeep = defaultKeep }: Given): LogLimits | undefined {
  if (logMaxBytes === undefined && logMaxAge === undefined) return undefined
  const maxAgeMs = logMaxAge === undefined ? undefined : millisecondsOf(logMaxAge)
  return { maxBytes: logMaxBytes, maxAgeMs, keep: logKeep }
}
