/**
 * What is remembered of contents from run to run, so that unchanged files are not read again: loaded before the walk,
 * handed to the threads that compare, and kept when the run came to its end. It may only save work: what is lost, spoilt or of
 * other folders is made anew.
 */
import type { ContentSetup } from './model/content-setup.js'
import type { ComparedDirectory, CompareRequest, NameSlice } from './model/jobs.js'
import type { RelativePath } from './model/path.js'
import { type Problem, problem } from './model/problem.js'
import { scrubPlaces } from './model/scrub.js'
import type { Settings } from './settings.js'
import {
  type ContentSubject,
  endOfContents,
  headBytes,
  readContents,
  writeContents,
} from './tree/content-file.js'
import { countAt, encodeDirectory, placeAt, RememberedDirectory } from './tree/content-records.js'
import type { identifyFolder } from './tree/folder-identity.js'
import type { OpenedRoot } from './tree/local.js'
import type { mountOf } from './tree/mounts.js'
import type { Roots } from './tree/roots.js'
import { fieldOf, liesBelow, readState, realOf, type StateFile, writeState } from './tree/state-file.js'

/** What was changed within it of the begin of a run may be changed again without another time. */
const granularityNs = 2_000_000_000n

/** Their files do not say when they were last changed in any way: that is made up, or what was set as the time of content. */
const timeless = /^(?:vfat|msdos|exfat|hfs|ntfs|cifs|smb3?|9p|fuse(?:blk)?(?:\..*)?)$/

/** What was found of a directory in this run. */
interface Noted {
  /** Where it lay in the memory. */
  readonly at: number | undefined
  readonly kept: Uint32Array[]
  readonly names: string[]
  readonly cells: BigInt64Array[]
}

/** Handed over, as they are loaded by then. */
export interface FolderTools {
  readonly identifyFolder: typeof identifyFolder
  readonly mountOf: typeof mountOf
}

/** Undefined where nothing can be remembered: then all is read. */
export function openContentMemory(
  roots: Roots,
  settings: Settings,
  tell: (found: Problem) => void,
  tools: FolderTools,
): ContentMemory | undefined {
  const { source, replica, stateFolder } = settings
  if (roots.replica === undefined) return undefined
  // What lies in a mirrored folder would be mirrored or deleted, and is whatever the folder's owner wrote.
  if (liesBelow(realOf(stateFolder), [realOf(source), realOf(replica)])) return undefined
  const types = [source, replica].map(path => tools.mountOf(path, roots.mounts)?.type)
  if (types.some(type => type === undefined || timeless.test(type))) return undefined
  return new ContentMemory({ ...roots, replica: roots.replica }, settings, tell, tools)
}

export class ContentMemory {
  readonly setup: ContentSetup
  private readonly subject: ContentSubject
  private readonly memory: SharedArrayBuffer | undefined
  private readonly places = new Map<RelativePath, number>()
  private readonly noted = new Map<RelativePath, Noted>()

  constructor(
    roots: Pick<Roots, 'source' | 'mounts'> & { readonly replica: OpenedRoot },
    settings: Settings,
    tell: (found: Problem) => void,
    tools: FolderTools,
  ) {
    const { source, replica, hasher, stateFolder, scrub } = settings
    const recentNs = BigInt(Date.now()) * 1_000_000n - granularityNs
    const comparesByHash = typeof hasher === 'string'
    const hash = comparesByHash ? hasher : 'xxh64'
    const identities = [
      tools.identifyFolder(roots.source, source, roots.mounts),
      tools.identifyFolder(roots.replica, replica, roots.mounts),
    ]
    this.subject = {
      stateFolder,
      about: JSON.stringify([source, replica, hash, ...scopeOf(settings)]),
      identity: JSON.stringify(identities),
    }
    this.memory = this.load(tell)
    this.setup = {
      memory: this.memory,
      hash,
      comparesByHash,
      sourceDevice: roots.source.entry.device,
      replicaDevice: roots.replica.entry.device,
      recentNs,
      scrub:
        scrub === undefined
          ? undefined
          : { from: this.turn(), share: Math.round((scrub / 100) * scrubPlaces) },
    }
  }

  /** A request, with the place of what is remembered of the directory. */
  asked(request: CompareRequest): CompareRequest {
    const { path, replicaPath = path } = request
    const at = this.places.get(replicaPath)
    this.noted.set(path, { at, kept: [], names: [], cells: [] })
    return at === undefined ? request : { ...request, contentsAt: at }
  }

  /** Notes what was found of a directory, or of some of its names. */
  answered({ path }: CompareRequest | NameSlice, { kept, freshNames, freshCells }: ComparedDirectory): void {
    const noted = this.noted.get(path)
    if (kept !== undefined && kept.length > 0) noted?.kept.push(kept)
    if (freshNames === undefined || freshCells === undefined) return
    noted?.names.push(freshNames)
    noted?.cells.push(freshCells)
  }

  /** After a run that came to its end. As good as it goes: a state folder that cannot be written to fails no run. */
  save(): void {
    const { scrub } = this.setup
    try {
      if (scrub !== undefined) writeState(this.turnFile(), { from: (scrub.from + scrub.share) % scrubPlaces })
      const directories = this.directories()
      if (directories !== undefined) writeContents(this.subject, directories)
    } catch {
      // Then the next run reads what this one did.
    }
  }

  /** Undefined where nothing of it is new. */
  private directories(): readonly Uint8Array[] | undefined {
    let [unchanged, isNew] = [0, false]
    const all: Uint8Array[] = []
    for (const [path, noted] of this.noted) {
      const as = this.unchanged(path, noted)
      if (as === undefined && noted.kept.length === 0 && noted.names.length === 0) continue
      if (as === undefined) isNew = true
      else unchanged += 1
      all.push(as ?? this.encoded(path, noted))
    }
    return isNew || unchanged !== this.places.size ? all : undefined
  }

  private unchanged(path: RelativePath, { at, kept, names }: Noted): Uint8Array | undefined {
    const { memory } = this
    if (memory === undefined || at === undefined || names.length > 0) return undefined
    if (kept.reduce((sum, { length }) => sum + length, 0) !== countAt(memory, at)) return undefined
    const place = placeAt(memory, at)
    return place.path === path ? new Uint8Array(memory, at, place.next - at) : undefined
  }

  private encoded(path: RelativePath, { at, kept, names, cells }: Noted): Uint8Array {
    if (this.memory !== undefined && at !== undefined && kept.length > 0) {
      const before = new RememberedDirectory(this.memory, at).pick(kept.flatMap(each => [...each]))
      return encodeDirectory(path, [...before.names, ...names].join('/'), joined([before.cells, ...cells]))
    }
    return encodeDirectory(path, names.join('/'), joined(cells))
  }

  private load(tell: (found: Problem) => void): SharedArrayBuffer | undefined {
    const memory = readContents(this.subject)
    if (memory === undefined) return undefined
    try {
      if (memory !== 'spoilt') {
        for (let at = headBytes; at < endOfContents(memory); ) {
          const { path, next } = placeAt(memory, at)
          this.places.set(path, at)
          at = next
        }
        return memory
      }
    } catch {
      this.places.clear()
    }
    const message =
      'what was remembered of contents cannot be believed: it is spoilt, or was written by somebody else; all files are read, and remembered anew'
    tell(problem('notice', 'replica', '', message))
    return undefined
  }

  private turn(): number {
    try {
      const from = fieldOf(readState(this.turnFile()), 'from')
      return typeof from === 'number' && Number.isInteger(from) && from >= 0 && from < scrubPlaces ? from : 0
    } catch {
      return 0
    }
  }

  private turnFile(): StateFile {
    const { stateFolder, about } = this.subject
    return { stateFolder, sort: 'scrubs', about }
  }
}

/**
 * What a run looks at: one that looks at less has a memory of its own, and takes nothing out of that of the whole. Lists
 * and times are others each time: all of them share one.
 */
function scopeOf({
  include,
  exclude,
  rules,
  files,
  ignoreFile,
  limits,
  links,
}: Settings): readonly unknown[] {
  const { minSize, maxSize, newerNs, olderNs } = limits ?? {}
  const narrowed = [rules, minSize, maxSize, newerNs !== undefined, olderNs !== undefined]
  return [include, exclude, ignoreFile, files !== undefined, links, ...narrowed]
}

function joined(columns: readonly BigInt64Array[]): BigInt64Array {
  const whole = new BigInt64Array(columns.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const column of columns) {
    whole.set(column, at)
    at += column.length
  }
  return whole
}
