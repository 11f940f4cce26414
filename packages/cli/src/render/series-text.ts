/** What is said of a series of runs where something is not as it was to be. */
import { count } from './figures.js'

export function failedText(next: Date, failures: number): string {
  const what = failures === 1 ? 'the run failed' : `${count(failures)} runs in a row failed`
  return `${what}; the next try is at ${next.toISOString().slice(0, 19)}Z`
}

export function missedText(missed: number): string {
  const [what, them] = missed === 1 ? ['1 run was', 'it'] : [`${count(missed)} runs were`, 'them']
  return `${what} missed, while the last one was at work or the machine asleep; this one makes up for ${them}`
}
