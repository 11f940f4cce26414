/** What went wrong, for stderr. */
import { oneLine } from '@facsimile/core'
import type { Colors } from './colors.js'
import { outputFailed, type Renderer, silent } from './renderer.js'

export interface ProblemOptions {
  /** Whether notices, which change no result, are said too. */
  readonly notices: boolean
  readonly colors: Pick<Colors, 'trouble'>
}

export function problemRenderer({ notices, colors }: ProblemOptions): Renderer {
  const line = (message: string): string => `${colors.trouble('facsimile:')} ${oneLine(message)}\n`
  return {
    ...silent,
    problem: ({ code, message }) => (code === 'notice' && !notices ? '' : line(message)),
    end: ({ failures }) => failures.map(({ message }) => line(message)).join(''),
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
