import type { CompareOptions } from '../support/compare-trees.js'
import { compareTrees } from '../support/compare-trees.js'
import type { ComparedAttribute } from '../support/differences.js'
import type { RunResult } from '../support/run.js'
import type { LiteralNode, TreeLiteral } from '../support/tree-literal.js'
import type { Tool } from './tools.js'

export type Copied = {
  readonly source: string
  readonly replica: string
  readonly result: RunResult
}

export type Row = {
  readonly what: string
  readonly source: TreeLiteral | LiteralNode
  /** The tools that do. */
  readonly kept: readonly Tool['name'][]
  /** Whether it was kept, by what is in the replica. */
  readonly isKept: (copied: Copied) => boolean
  /** The file system of both, or of the replica alone; the temporary one unless told. */
  readonly on?: { readonly fileSystem: string; readonly replicaOnly?: true }
  /** For what no literal can say. */
  readonly prepare?: (source: string) => void
}

/**
 * Whether the replica has all entries of the source, and they are the same in these attributes. The root is left out, as
 * it is a directory, and files are judged by themselves.
 */
export function isSameIn(
  attributes: readonly ComparedAttribute[],
  options: CompareOptions = {},
): (copied: Copied) => boolean {
  const asked: readonly ComparedAttribute[] = ['presence', 'kind', 'readable', ...attributes]
  return ({ source, replica }) =>
    compareTrees(source, replica, options).every(
      ({ path, attribute }) => path === '.' || !asked.includes(attribute),
    )
}
