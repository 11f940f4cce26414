/** Which rows of a plan get what the replica has under another name. */
import { type DirectoryNode, type PairTable } from './pairs.js'
import { joinPath, type RelativePath } from './path.js'

/** A directory that becomes another one, with all it holds. */
export interface MovedDirectory {
  /** Where it was before the run. */
  readonly was: RelativePath
  /** Where it is when its turn comes: what was above it may have been moved before. */
  readonly now: RelativePath
  /** What held it. */
  readonly from: DirectoryNode
}

/** A file that gets another name. */
export interface MovedFile {
  /** The row of the old name. */
  readonly from: number
  /** The cell offset of what the replica has there. */
  readonly at: number
  /** Something else comes to the old name, by its own row: until then the file has both names. */
  readonly stays: boolean
}

export interface PlannedMoves {
  /** By the row of the new name. */
  readonly files: ReadonlyMap<number, MovedFile>
  /** Rows of old names that something else comes to. */
  readonly staying: ReadonlySet<number>
  /** By the row of the new name. */
  readonly directories: ReadonlyMap<number, MovedDirectory>
}

export const noMoves: PlannedMoves = { files: new Map(), staying: new Set(), directories: new Map() }

/** Where the replica had, before the run, what a row will be; undefined where nothing was moved. */
export function renamedFrom(
  pairs: PairTable,
  { files, directories }: PlannedMoves,
  row: number,
): RelativePath | undefined {
  const from = files.get(row)?.from
  return from === undefined ? directories.get(row)?.was : pathBefore(pairs, directories, from)
}

/** The path of a row in the replica before any directory above it is moved. */
export function pathBefore(
  pairs: PairTable,
  directories: PlannedMoves['directories'],
  row: number,
): RelativePath {
  const names = [pairs.nameOf(row)]
  let above: RelativePath = ''
  for (let node = pairs.directoryOf(row); node?.parent !== undefined; node = node.parent) {
    const moved = directories.get(node.row)
    above = moved?.was ?? ''
    if (moved !== undefined) break
    names.push(node.name)
  }
  return names.reduceRight((path, name) => joinPath(path, name), above)
}
