/** The ways to name entries to the system, and trees opened in them. */
import { SyncError } from '../model/errors.js'
import type { HeldWay } from '../model/report.js'
import { canHoldByProc } from './hold-by-proc.js'
import { openLocalTree } from './local.js'
import { loadLibc } from './native.js'
import { NativeTree } from './native-tree.js'
import type { Tree, TreeSpec } from './tree.js'

export interface WayWanted {
  readonly held: 'auto' | HeldWay
  /** Whether the C library may be used. */
  readonly native: boolean
}

/** The best way that is wanted and to be had; throws when there is none. */
export function chooseWay({ held, native }: WayWanted): HeldWay {
  if (held === 'paths') return 'paths'
  const byProc = canHoldByProc()
  if (held !== 'proc' && native && byProc && loadLibc() !== undefined) return 'libc'
  if (held === 'libc') {
    throw unavailable('"libc" needs Linux with /proc mounted and the optional package koffi')
  }
  if (byProc) return 'proc'
  if (held === 'auto') return 'paths'
  throw unavailable('"proc" needs Linux with /proc mounted')
}

function unavailable(why: string): SyncError {
  return new SyncError('invalid-options', 2, `option "held": ${why}, which is not there; use "auto"`)
}

/** Opens the tree of a spec; in another thread the root's descriptor is the one the first thread holds. */
export function openTree(spec: TreeSpec): Tree {
  if (spec.way !== 'libc') return openLocalTree(spec)
  const libc = loadLibc()
  if (libc === undefined) throw new Error('koffi is gone since this run began')
  return new NativeTree(libc, spec)
}
