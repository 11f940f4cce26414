/** New directories, each with everything that goes into it, as the changes of one batch. */
import type { Fault } from '../../../../test/support/faulty.js'
import { symlink, type TreeLiteral } from '../../../../test/support/tree-literal.js'
import type { Line } from './batches.js'

export const source: TreeLiteral = {
  n: { a: 'aa', 'a!': '!', e: { deep: { x: 'x' }, link: symlink('../a') }, empty: {} },
  'n!': '!',
  other: { y: 'y' },
}
export const whole: readonly string[] = ['n', 'n/e', 'n/e/deep', 'n/empty', 'other']
const paths = [
  'n',
  'n!',
  'n/a',
  'n/a!',
  'n/e',
  'n/e/deep',
  'n/e/deep/x',
  'n/e/link',
  'n/empty',
  'other',
  'other/y',
]
export const all: readonly Line[] = paths.map((path): Line => `create ${path}`)

export type Planted = Fault | Omit<Fault, 'side'>

/** Faults are the replica's unless told otherwise. */
export function plantedInReplica(faults: readonly Planted[]): readonly Fault[] {
  return faults.map(fault => ({ side: 'replica', ...fault }))
}

/** What becomes of the rows of `n` and the rest. */
export function statesOf(ofN: (line: Line) => string, rest = 'done'): string[] {
  return all.map(line => (/ n(?:$|\/)/.test(line) ? ofN(line) : rest))
}

export function abortedAfter(count: number): () => boolean {
  let asked = 0
  return () => asked++ >= count
}

/** Everything else is done. */
export function failedN(state: string): string[] {
  return statesOf(line => (line === 'create n' ? state : 'skipped'))
}
