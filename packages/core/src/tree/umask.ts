/** What the umask may do to folders we make: nobody could enter them, not even we. */
import { chmodSync, readFileSync } from 'node:fs'
import type { Name } from '../model/path.js'
import type { Directory, Tree } from './tree.js'

const ownerBits = 0o700

/**
 * Whether who is not root has to give himself rights on what he makes. Asked of /proc where that is, since Node's own way
 * to ask sets the umask for a moment, for all threads.
 */
function masksOwner(): boolean {
  if (process.geteuid === undefined || process.geteuid() === 0) return false
  return (currentUmask() & ownerBits) !== 0
}

function currentUmask(): number {
  try {
    const [, told] = /^Umask:\s*([0-7]+)/m.exec(readFileSync('/proc/self/status', 'latin1')) ?? []
    if (told !== undefined) return Number.parseInt(told, 8)
  } catch {
    // No /proc.
  }
  return process.umask()
}

/** Gives the owner his rights on directories that a tree has made; the umask is asked for once. */
export class OwnersRights {
  private isMasked: boolean | undefined

  restore(tree: Pick<Tree, 'pin'>, directory: Directory, name: Name): void {
    this.isMasked ??= masksOwner()
    if (!this.isMasked) return
    const made = tree.pin(directory, name)
    try {
      made.setMode(ownerBits)
    } finally {
      made.close()
    }
  }
}

/** After a folder was made at a path of our own. */
export function openToOwner(path: string): void {
  if (masksOwner()) chmodSync(path, ownerBits)
}
