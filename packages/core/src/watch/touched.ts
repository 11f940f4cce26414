/** The directories in which something happened since they were last looked at: so many, or all there is. */
import { baseName, type Name, parentPath, type RelativePath } from '../model/path.js'
import type { TouchedPaths } from '../model/watched-walk.js'

/** Of more it is no longer kept which: to walk them all is then quicker, and memory has a bound. */
const mostTouched = 4096

export class Touched implements TouchedPaths {
  /** Whether no list tells of all that was touched. */
  isAll = false
  /** When the first of them was, by the clock of {@link add}. */
  since: number | undefined
  /** When the last of them was. */
  last = 0
  private readonly directories = new Set<RelativePath>()
  private ways: Map<RelativePath, Set<Name>> | undefined

  get size(): number {
    return this.directories.size
  }

  get isEmpty(): boolean {
    return this.directories.size === 0 && !this.isAll
  }

  add(directory: RelativePath, now: number): void {
    this.since ??= now
    this.last = now
    if (this.isAll || this.directories.has(directory)) return
    this.directories.add(directory)
    this.ways = undefined
    if (this.directories.size > mostTouched) this.addAll(now)
  }

  addAll(now: number): void {
    this.since ??= now
    this.last = now
    this.isAll = true
    this.directories.clear()
    this.ways = undefined
  }

  has(directory: RelativePath): boolean {
    return this.directories.has(directory)
  }

  onWay(directory: RelativePath): readonly Name[] | undefined {
    const names = (this.ways ??= waysTo(this.directories)).get(directory)
    return names === undefined ? undefined : [...names]
  }
}

function waysTo(directories: Iterable<RelativePath>): Map<RelativePath, Set<Name>> {
  const ways = new Map<RelativePath, Set<Name>>()
  for (const directory of directories) {
    for (let at = directory; at !== ''; at = parentPath(at)) {
      const above = parentPath(at)
      let names = ways.get(above)
      if (names === undefined) ways.set(above, (names = new Set()))
      if (names.has(baseName(at))) break
      names.add(baseName(at))
    }
  }
  return ways
}
