/** Which files belong to the mirror, by size in bytes and by time of modification; undefined: any. */
export interface FileLimits {
  readonly minSize: number | undefined
  readonly maxSize: number | undefined
  /** Only later ones. */
  readonly newerNs: bigint | undefined
  /** Only earlier ones. */
  readonly olderNs: bigint | undefined
}

/** What becomes of symbolic links of the source: mirrored as links, left out, or what they lead to in their place. */
export type LinkPolicy = 'preserve' | 'follow' | 'skip'

/** How a worker compares; plain data. */
export interface CompareSettings {
  /** `metadata`: size and time. `content`: bytes or digests. `ask`: the caller judges files of equal size, `ask-all` any. */
  readonly content: 'metadata' | 'content' | 'ask' | 'ask-all'
  /** Hash by which contents are compared; undefined: by their bytes. */
  readonly hash: string | undefined
  /** Whether unchanged names are wanted as rows too. */
  readonly wantAll: boolean
  readonly deleteExcluded: boolean
  readonly oneFileSystem: boolean
  readonly links: LinkPolicy
  /** Undefined where every file belongs to the mirror. */
  readonly limits: FileLimits | undefined
  /** Files to be copied are left for the copy to tell of: their extended attributes are read then anyway. */
  readonly copiesTell: boolean
}
