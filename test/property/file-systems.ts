/** The file systems that can hold all of a tree, in pairs of source and replica. */
import { canMake, fileSystems, type FileSystem } from '../support/file-systems.js'
import { landed } from '../support/landed.js'

export type FileSystemPair = {
  readonly source: FileSystem
  readonly replica: FileSystem
  readonly from: string
  readonly to: string
  /** What any extended attribute may be long: three of one entry share the room there is, with their names. */
  readonly longest: number
}

const exact = fileSystems.filter(
  each => canMake(each) && each.keeps.names === 'bytes' && each.keeps.times.precisionNs === 1n,
)

export const fileSystemPairs: readonly FileSystemPair[] = exact
  .flatMap(source => exact.map(replica => ({ source, replica })))
  .filter(({ source, replica }) => landed.xfsAliases || (source.name === 'xfs') === (replica.name === 'xfs'))
  .map(({ source, replica }) => ({
    source,
    replica,
    from: source.name,
    to: replica.name,
    longest: Math.floor(Math.min(source.keeps.longestAttribute, replica.keeps.longestAttribute) / 4),
  }))

/** Each as a source and as a replica, and each to itself. */
export const somePairs: readonly FileSystemPair[] = fileSystemPairs.filter(
  ({ source, replica }) =>
    source === replica || exact[(exact.indexOf(source) + 1) % exact.length] === replica,
)
