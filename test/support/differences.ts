import { show } from './byte-names.js'

export type ComparedAttribute =
  | 'presence'
  | 'kind'
  | 'mode'
  | 'uid'
  | 'gid'
  | 'mtime'
  | 'size'
  | 'content'
  | 'target'
  | 'device'
  | 'hard links'
  | 'extended attribute'
  | 'blocks'
  | 'readable'

export type Difference = {
  /** From the roots, which are `.` themselves; a byte that is no UTF-8 is a lone surrogate. */
  readonly path: string
  readonly attribute: ComparedAttribute
  readonly source: string
  readonly replica: string
}

export function showDifferences(differences: readonly Difference[], most = 20): string {
  const lines = differences
    .slice(0, most)
    .map(it => `  ${show(it.path)}: ${it.attribute}: source ${show(it.source)}, replica ${show(it.replica)}`)
  if (differences.length > most) lines.push(`  and ${differences.length - most} more`)
  return [`${differences.length} differences between source and replica`, ...lines].join('\n')
}
