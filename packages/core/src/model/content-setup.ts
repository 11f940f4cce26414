import type { ScrubTurn } from './scrub.js'

/** What threads are told of the memory of contents; plain data, the memory itself shared by all. */
export interface ContentSetup {
  /** Undefined where nothing is remembered so far. */
  readonly memory: SharedArrayBuffer | undefined
  /** Names the hash that contents are remembered by. */
  readonly hash: string
  /** Whether files are compared by that hash, and not by their bytes. */
  readonly comparesByHash: boolean
  /** Files of other devices are not remembered. */
  readonly sourceDevice: bigint
  readonly replicaDevice: bigint
  /** What was changed then or later may change again, and have the same times: it is not remembered. */
  readonly recentNs: bigint
  /** What is read although it is remembered; undefined: nothing. */
  readonly scrub: ScrubTurn | undefined
}
