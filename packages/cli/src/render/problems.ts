/** What went wrong, for stderr. */
import { oneLine } from '@facsimile/core'
import type { Colors } from './colors.js'
import { labelOf } from './label.js'
import { failedText, missedText } from './series-text.js'
import { outputFailed, type Renderer, silent } from './renderer.js'

export interface ProblemOptions {
  /** Which of several replicas it is about. */
  readonly replica?: string
  /** Whether notices, which change no result, are said too. */
  readonly notices: boolean
  readonly colors: Pick<Colors, 'trouble'>
}

export function problemRenderer(options: ProblemOptions): Renderer {
  const { notices, colors, replica } = options
  const of = replica === undefined ? '' : labelOf(replica)
  const line = (message: string): string => `${colors.trouble('facsimile:')} ${of}${oneLine(message)}\n`
  return {
    ...silent,
    problem: ({ code, message }) => (code === 'notice' && !notices ? '' : line(message)),
    end: ({ failures }) => failures.map(({ message }) => line(message)).join(''),
    wait: (next, failures = 0) => (failures === 0 ? '' : line(failedText(next, failures))),
    missed: count => (notices ? line(missedText(count)) : ''),
    watch: ({ reason }) => (reason === undefined ? '' : line(reason)),
    about: each => problemRenderer({ ...options, replica: each }),
  }
}

/** Where everything else is said on stdout. */
export const lostOutputRenderer: Renderer = {
  ...silent,
  end: ({ failures }) =>
    failures
      .filter(({ code }) => code === outputFailed)
      .map(({ message }) => `facsimile: ${oneLine(message)}\n`)
      .join(''),
}
