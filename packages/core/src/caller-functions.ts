/** What a caller may hand in that is no plain data: functions that judge, and hashers. */
import type { Entry, NamedEntry } from './model/entry.js'
import type { RelativePath } from './model/path.js'

/**
 * Judges two files of one path by what is known of them. Asked only for files that both sides have, and only
 * about their content: mode, owner and times are always compared.
 *
 * @returns true when the replica's file holds the source's content, or a promise of it. Anything but true and false
 * stops the run with a `SyncError`.
 */
export type Comparer = (source: Entry, replica: Entry, path: RelativePath) => boolean | Promise<boolean>

/**
 * Decides whether an entry belongs to the mirror; asked once a path, with the source's entry if there is one.
 *
 * @returns true or false at once. Anything else, a promise too, stops the run with a `SyncError`.
 */
export type Filter = (entry: NamedEntry) => boolean

/** A hash algorithm of the caller's own. It gets each file's bytes in order, in the caller's thread. */
export interface Hasher {
  /** Names the algorithm in reports. */
  readonly name: string
  /** Begins the digest of one file. */
  create(): HashState | Promise<HashState>
}

export interface HashState {
  /** The chunk is valid only during the call, or until the returned promise settles. */
  update(chunk: Uint8Array): void | Promise<void>
  /** The digest, as a string; only equality counts. */
  digest(): string | Promise<string>
}
