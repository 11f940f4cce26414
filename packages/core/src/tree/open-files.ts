import { readFileSync } from 'node:fs'

/** How many files this process may have open at once; Infinity where the system does not tell. */
export function mostOpenFiles(): number {
  try {
    const most = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1'))?.[1]
    return most === undefined ? Infinity : Number(most)
  } catch {
    return Infinity
  }
}
