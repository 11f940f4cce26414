/** Which names in a replica are the run's own: its staging directory, and temporary names beside what they will replace. */
import { isWithin, type Name, type RelativePath } from '../model/path.js'

export class OwnNames {
  private readonly staging: Name | undefined
  private readonly temporary = new Set<RelativePath>()
  /** What is a second name of something in the replica, and of what. */
  private readonly also = new Map<RelativePath, RelativePath>()

  constructor(staging: Name | undefined) {
    this.staging = staging
  }

  has(path: RelativePath): boolean {
    return (this.staging !== undefined && isWithin(path, this.staging)) || this.temporary.has(path)
  }

  add(path: RelativePath): void {
    this.temporary.add(path)
  }

  isAlso(name: RelativePath | undefined, path: RelativePath | undefined): void {
    if (name === undefined) return
    if (path === undefined) this.also.delete(name)
    else this.also.set(name, path)
  }

  /** Where in the replica an entry lies; undefined for what is only the run's own. */
  placeOf(path: RelativePath | undefined): RelativePath | undefined {
    if (path === undefined) return undefined
    return this.has(path) ? this.also.get(path) : path
  }
}
