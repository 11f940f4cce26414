import type { RelativePath } from '../model/path.js'
import type { ToldStep } from './read-journal.js'

/** What was done to a path to put it back. */
export type Reverted = 'restored' | 'removed' | 'renamed' | 'attributes'

/** What taking a step back does, and to which path. */
export function stepBack(step: ToldStep): readonly [done: Reverted, path: RelativePath] {
  switch (step.op) {
    case 'put':
      return [step.kept === undefined ? 'removed' : 'restored', step.path]
    case 'makeDirectory':
      return ['removed', step.path]
    case 'take':
    case 'removeDirectory':
      return ['restored', step.path]
    case 'move':
      return ['renamed', step.from]
    case 'set':
      return ['attributes', step.path]
  }
}
