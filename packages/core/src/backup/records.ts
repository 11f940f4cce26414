/**
 * What a journal says, one record a line. Names are in the lossless form: JSON writes a lone surrogate as `\udcXX`, so a
 * name that is not UTF-8 comes back as it was.
 */
import type { Entry, Kind } from '../model/entry.js'
import type { RelativePath } from '../model/path.js'
import type { Xattrs } from '../tree/xattrs.js'

/** What is known of an entry; numbers that JSON cannot hold are text. */
export interface Facts {
  readonly kind: Kind
  readonly size: number
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly mtime: string
  readonly ctime: string
  readonly inode: string
  readonly links: number
}

/** What it takes to give an entry its attributes back. */
export interface Was extends Facts {
  /** Values in Base64. */
  readonly xattrs: readonly (readonly [name: string, value: string])[]
}

/** Where an old entry is kept. */
export interface Kept {
  /** The folder of a thread, and a number: `kept-0/17`. */
  readonly at: string
  /** It is not the entry itself, but a copy: the backup lies on another file system. */
  readonly isCopy: boolean
  readonly was: Facts
}

export interface Begin {
  readonly op: 'begin'
  readonly version: 1
  readonly id: string
  readonly replica: string
  /** The device and the inode of its root. */
  readonly device: string
  readonly root: string
  /** The run that this one undoes. */
  readonly undoes?: string | undefined
}

/** What changed the replica; written before it is done. */
export type Step =
  /** Something new got a name; what had it before is kept. */
  | {
      readonly op: 'put'
      readonly path: RelativePath
      readonly inode: string
      readonly kept?: Kept | undefined
    }
  | { readonly op: 'take'; readonly path: RelativePath; readonly kept: Kept }
  | { readonly op: 'makeDirectory'; readonly path: RelativePath }
  | { readonly op: 'removeDirectory'; readonly path: RelativePath; readonly was: Was }
  | {
      readonly op: 'move'
      readonly from: RelativePath
      readonly path: RelativePath
      readonly inode: string
      readonly kept?: Kept | undefined
    }
  /** Attributes of what is no directory were set. */
  | { readonly op: 'set'; readonly path: RelativePath; readonly was: Was }

export type JournalRecord =
  | Begin
  | Step
  /** A directory as it was before anything in it, or of it, was changed. */
  | { readonly op: 'directory'; readonly path: RelativePath; readonly was: Was }
  /** A temporary name of our own. */
  | { readonly op: 'temporary'; readonly path: RelativePath }
  /** The step before, in this journal, did not come about. */
  | { readonly op: 'failed' }
  /** What a step left. */
  | { readonly op: 'now'; readonly path: RelativePath; readonly now: Facts }
  | { readonly op: 'end' }

/** A record with the time it was written at, by a clock that only orders those of one run. */
export type Timed<Written extends JournalRecord = JournalRecord> = Written & { readonly at: string }

export function factsOf(entry: Entry): Facts {
  return {
    kind: entry.kind,
    size: entry.kind === 'directory' ? 0 : entry.size,
    mode: entry.mode,
    uid: entry.uid,
    gid: entry.gid,
    mtime: String(entry.mtimeNs),
    ctime: String(entry.ctimeNs),
    inode: String(entry.inode),
    links: entry.links,
  }
}

export function wasOf(entry: Entry, xattrs: Xattrs): Was {
  const values: [string, string][] = []
  for (const [name, value] of xattrs) {
    if (value !== undefined) values.push([name, Buffer.from(value).toString('base64')])
  }
  return { ...factsOf(entry), xattrs: values }
}

/** Whether a record is a {@link Step}. */
export function isStep(record: Timed): record is Timed<Step> {
  switch (record.op) {
    case 'put':
    case 'take':
    case 'makeDirectory':
    case 'removeDirectory':
    case 'move':
    case 'set':
      return true
    case 'begin':
    case 'directory':
    case 'temporary':
    case 'failed':
    case 'now':
    case 'end':
      return false
  }
}
