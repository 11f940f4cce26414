/**
 * What the system refused to do between two devices, so that it is asked once and not for each file. Only what will
 * be refused for every other file is kept: btrfs, for one, refuses to share blocks of single files.
 */
import { errnoOf } from '../model/errno.js'

export class Refusals {
  private readonly known = new Set<string>()
  private readonly never: readonly ('share' | 'copy')[]

  /** `never`: what is not asked at all. */
  constructor(never: readonly ('share' | 'copy')[] = []) {
    this.never = never
  }

  has(what: 'share' | 'copy', devices: string): boolean {
    return this.never.includes(what) || this.known.has(`${what} ${devices}`)
  }

  note(what: 'share' | 'copy', devices: string, error: unknown): void {
    if (isForAll(errnoOf(error))) this.known.add(`${what} ${devices}`)
  }
}

function isForAll(errno: string | undefined): boolean {
  switch (errno) {
    // Not between these two, not by these file systems, not by this system, not by this process.
    case 'EXDEV':
    case 'EOPNOTSUPP':
    case 'ENOTSUP':
    case 'ENOTTY':
    case 'ENOSYS':
    case 'EPERM':
      return true
    default:
      return false
  }
}
