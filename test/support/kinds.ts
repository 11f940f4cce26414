/** One of each kind that can be at a name, for tests that set each against each. */
import {
  directory,
  type EntryLiteral,
  fifo,
  file,
  hardLink,
  symlink,
  type TreeLiteral,
} from './tree-literal.js'

/** A file of the same tree that the hard links are of, and something that keeps a source from being empty. */
export const linkedTo = '.linked'

/** What links lead to, beside the roots: it must never be touched. */
export const outside: TreeLiteral = {
  file: 'outside',
  directory: { keep: 'kept', sub: { deep: 'kept' } },
}

export const kinds: Readonly<Record<string, EntryLiteral | undefined>> = {
  absent: undefined,
  file: file('content', { mode: 0o640 }),
  'other file': file('something longer'),
  'empty directory': directory({}, { mode: 0o750 }),
  'full directory': directory({ a: 'a', sub: { b: 'b', link: symlink('../a') }, 'a!': '!', none: {} }),
  'link to a file': symlink('../outside/file'),
  'link to a directory': symlink('../outside/directory'),
  'dangling link': symlink('nowhere'),
  fifo: process.platform === 'win32' ? undefined : fifo(),
  'hard link': hardLink(linkedTo),
}

export const kindNames: readonly string[] = Object.keys(kinds)

/** Every kind in the replica against every kind in the source. */
export const kindPairs: readonly (readonly [inReplica: string, inSource: string])[] = kindNames.flatMap(
  inReplica => kindNames.map(inSource => [inReplica, inSource] as const),
)

export const nameOfPair = (inReplica: string, inSource: string): string => `${inReplica} to ${inSource}`

export function treesOfPairs(chosen: typeof kindPairs): {
  readonly source: TreeLiteral
  readonly replica: TreeLiteral
} {
  const source = new Map<string, EntryLiteral>([[linkedTo, 'linked']])
  const replica = new Map<string, EntryLiteral>([[linkedTo, 'linked']])
  for (const [inReplica, inSource] of chosen) {
    const name = nameOfPair(inReplica, inSource)
    const [before, after] = [kinds[inReplica], kinds[inSource]]
    if (before !== undefined) replica.set(name, before)
    if (after !== undefined) source.set(name, after)
  }
  return { source, replica }
}
