import type { HashFactory } from '../hash/running-hash.js'
import type { ApplySettings } from '../model/finish-jobs.js'
import type { RateLimit } from '../run/rate-limit.js'
import type { HeldDirectories } from '../tree/held-directories.js'
import type { Capabilities } from '../tree/capabilities.js'
import type { Tree } from '../tree/tree.js'
import type { GoingOn } from './go-on.js'
import type { Refusals } from './refusals.js'
import type { ThreadStaging } from './staging.js'

/** What a thread works with when it makes changes. */
export interface ApplyContext {
  readonly source: { readonly tree: Tree; readonly held: HeldDirectories }
  readonly replica: { readonly tree: Tree; readonly held: HeldDirectories }
  readonly can: Capabilities
  /** The directories of the replica that hold what others are linked to: held beside those that change. */
  readonly linkedTo: HeldDirectories
  readonly settings: ApplySettings
  /** The hash of {@link ApplySettings.hash}, or the one to verify with. */
  readonly hash: HashFactory | undefined
  /** Made when it is first needed. */
  readonly staging: () => ThreadStaging
  readonly isAborted: () => boolean
  readonly buffers: Buffers
  readonly refused: Refusals
  /** Asked before bytes are copied, where the run has a limit. */
  readonly rate?: RateLimit | undefined
  /** Where big files that are cut off are gone on with. */
  readonly goingOn?: GoingOn | undefined
}

/** What it takes to copy the bytes of a file. */
export type CopyContext = Pick<
  ApplyContext,
  'hash' | 'settings' | 'isAborted' | 'buffers' | 'refused' | 'rate'
>

/**
 * Buffers to copy through, made once. They belong to one context and so to one run: two runs in one thread take
 * turns in the middle of files.
 */
export class Buffers {
  private readonly bySize = new Map<number, Buffer>()

  ofSize(size: number): Buffer {
    const known = this.bySize.get(size)
    if (known !== undefined) return known
    const made = Buffer.allocUnsafeSlow(size)
    this.bySize.set(size, made)
    return made
  }
}
