/**
 * Whether a folder, there or not, can be changed by nobody but us, who are root: then names beneath it lead where they led
 * when they were looked at, and whatever is read there was written by us.
 *
 * Every folder on the way must be root's, and writable for no one else, unless it is one like /tmp, in which
 * others may not touch what is ours. Links are followed if they are root's. Only root has to be so careful: who is not,
 * may share a group with others, and reaches nothing that they could not spoil otherwise.
 */
import { lstatSync, readlinkSync, type Stats } from 'node:fs'
import { dirname, resolve } from 'node:path'

const othersWrite = 0o022
const sticky = 0o1000
const mostLinks = 40

export function isOnlyOurs(path: string): boolean {
  return process.geteuid?.() !== 0 || lookAt(resolve(path), { links: 0 }) !== 'theirs'
}

type Verdict = 'ours' | 'shared' | 'missing' | 'theirs'

/** `shared`: others may make new names there. */
function lookAt(path: string, seen: { links: number }): Verdict {
  const above = dirname(path) === path ? 'ours' : lookAt(dirname(path), seen)
  if (above === 'theirs' || above === 'missing') return above
  const stats = lstatSync(path, { throwIfNoEntry: false })
  // Others may be quicker to make it.
  if (stats === undefined) return above === 'shared' ? 'theirs' : 'missing'
  if (stats.uid !== 0) return 'theirs'
  if (!stats.isSymbolicLink()) return verdictOn(stats)
  seen.links += 1
  if (seen.links > mostLinks) return 'theirs'
  return lookAt(resolve(dirname(path), readlinkSync(path)), seen)
}

function verdictOn({ mode }: Stats): Verdict {
  if ((mode & othersWrite) === 0) return 'ours'
  return (mode & sticky) === 0 ? 'theirs' : 'shared'
}
