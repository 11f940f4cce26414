/**
 * Exactly the paths that the caller lists belong to the mirror: each with all that lies below it, and the directories on the
 * way to it, of which nothing else is looked at, let alone listed. Kept by directory, so that each is found at once.
 */
import { SyncError } from '../model/errors.js'
import type { ListedNames } from '../model/jobs.js'
import { baseName, joinPath, type Name, parentPath, type RelativePath } from '../model/path.js'
import { show } from '../model/show.js'
import { nameFromBytes } from '../tree/names.js'

export class ListedPaths {
  /** By directory on the way the names in it, and which of them are listed themselves. */
  private readonly onWay = new Map<RelativePath, Map<Name, boolean>>([['', new Map()]])

  constructor(paths: Iterable<RelativePath>) {
    const all = new Set(paths)
    // The root itself: all there is.
    if (all.has('')) this.onWay.clear()
    else for (const path of all) if (!isBelow(path, all)) this.add(path)
  }

  /** What of a directory that is walked belongs to the mirror; undefined: all of it. */
  of(directory: RelativePath): ListedNames | undefined {
    const names = this.onWay.get(directory)
    if (names === undefined) return undefined
    return { names: [...names.keys()].join('/'), ends: Uint8Array.from(names.values(), Number) }
  }

  /** The paths that are listed at or below one on the way. */
  *from(path: RelativePath): Generator<RelativePath> {
    const stack = [path]
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      const names = this.onWay.get(at)
      if (names === undefined) yield at
      else for (const name of names.keys()) stack.push(joinPath(at, name))
    }
  }

  private add(path: RelativePath): void {
    let isEnd = true
    for (let at = path; at !== ''; at = parentPath(at)) {
      const directory = parentPath(at)
      let names = this.onWay.get(directory)
      if (names === undefined) this.onWay.set(directory, (names = new Map()))
      if (names.has(baseName(at))) return
      names.set(baseName(at), isEnd)
      isEnd = false
    }
  }
}

/** Whether one of the paths is above this one. */
function isBelow(path: RelativePath, all: ReadonlySet<RelativePath>): boolean {
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1))
    if (all.has(path.slice(0, at))) return true
  return false
}

/** Checks a path of the list: as text, or as its bytes. */
export function parseListed(given: unknown): RelativePath {
  const text = given instanceof Uint8Array ? nameFromBytes(given) : given
  if (typeof text !== 'string' || text === '')
    throw refuse('paths as text that is not empty, or bytes', given)
  if (text.startsWith('/')) throw refuse('paths relative to the source', text)
  if (text.includes('\0')) throw refuse('paths without NUL', text)
  if (!/(?:^|\/)(?:\.{0,2})(?:\/|$)/.test(text)) return text
  const names = text.split('/').filter(name => name !== '' && name !== '.')
  if (names.includes('..')) throw refuse('paths without ".."', text)
  return names.join('/')
}

function refuse(expected: string, found: unknown): SyncError {
  return new SyncError('invalid-options', 2, `option "files": expected ${expected}; found ${show(found)}`)
}
