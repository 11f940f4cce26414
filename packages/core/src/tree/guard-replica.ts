/**
 * What must not become a copy of something else, whatever path leads there: the system's own folders, and the folder of a
 * user. And who may say where the replica is: the caller, who names a path, and those whose links the caller follows
 * anyway, root and the caller; a link of anybody else on the way could lead a privileged run wherever they like.
 */
import { lstatSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { homedir, userInfo } from 'node:os'
import { dirname, join, parse } from 'node:path'
import { type Entry, isSameInode } from '../model/entry.js'
import { SyncError } from '../model/errors.js'
import { type OpenedRoot, rootAndAbove } from './local.js'
import { escapeName, nameFromBytes } from './names.js'
import { entryOfStats } from './stat.js'

/** Not `/mnt`, `/srv` and the like, where people mount what is a replica as a whole. */
const systemFolders = [
  '/bin',
  '/boot',
  '/dev',
  '/etc',
  '/home',
  '/lib',
  '/lib64',
  '/proc',
  '/root',
  '/run',
  '/sbin',
  '/sys',
  '/tmp',
  '/usr',
  '/var',
  '/Applications',
  '/Library',
  '/System',
  '/Users',
  '/Volumes',
]

/** Refuses a replica that is a folder of the system, a user's home, or above one. Judged by what is held open. */
export function refuseSystemFolder(replica: Entry, path: string): void {
  const looker = new Looker()
  const met =
    [...new Set([...homesAndAbove(), ...systemFolders])].find(folder => looker.isAt(folder, replica)) ??
    homeIn(path, looker)
  if (met === undefined) return
  throw refuse(
    `replica "${escapeName(path)}" is ${met === path ? '' : `"${escapeName(met)}", `}a folder of the system or the home ` +
      'of a user, and what the source does not have would be deleted from it: nothing was changed; if that is what you ' +
      'want, allow it with allowSystemReplica (--allow-system-replica)',
  )
}

/** Looks at each folder once. */
class Looker {
  private readonly seen = new Map<string, Entry | undefined>()

  isAt(folder: string, entry: Entry): boolean {
    if (!this.seen.has(folder)) this.seen.set(folder, entryAt(folder))
    const found = this.seen.get(folder)
    return found !== undefined && isSameInode(found, entry)
  }
}

function entryAt(path: string): Entry | undefined {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false })
  return stats === undefined ? undefined : entryOfStats(stats)
}

/** Where the homes of users are: each folder in them is one. */
const foldersOfHomes = ['/home', '/Users']

/** The path, when the folder it lies in, by whatever links, holds the homes of users. */
function homeIn(path: string, looker: Looker): string | undefined {
  const above = entryAt(`${path}/..`)
  if (above === undefined) return undefined
  return foldersOfHomes.some(folder => looker.isAt(folder, above)) ? path : undefined
}

function homesAndAbove(): readonly string[] {
  const folders: string[] = []
  for (const home of homes()) {
    for (let at = home; ; at = dirname(at)) {
      folders.push(at)
      if (at === dirname(at)) break
    }
  }
  return folders
}

/** Where the environment says it is, and where the system says so: with sudo they may differ. */
function homes(): readonly string[] {
  return [homedir, () => userInfo().homedir, homeOfCaller].map(ask => {
    try {
      const home = ask()
      return parse(home).root === '' ? '/' : home
    } catch {
      // Nobody the system knows.
      return '/'
    }
  })
}

/** Of the user who called `sudo`; empty where the system does not say. */
function homeOfCaller(): string {
  const user = process.env['SUDO_USER'] ?? ''
  if (user === '') return ''
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find(each => each.startsWith(`${user}:`))
  return line?.split(':')[homeField] ?? ''
}

const homeField = 5
const mostLinks = 40

/**
 * Refuses a path that leads over a link of somebody else's, and tells where it leads, as bytes in latin1. Undefined when
 * that is nowhere, or nobody knows: whoever opens the path says so.
 */
export function refuseForeignLinks(path: string): string | undefined {
  const uid = process.geteuid?.()
  if (uid === undefined) return undefined
  const ahead = Buffer.from(path).toString('latin1').split('/').reverse()
  let at = '/'
  let links = 0
  for (let name = ahead.pop(); name !== undefined; name = ahead.pop()) {
    if (name === '' || name === '.') continue
    if (name === '..') {
      at = dirname(at)
      continue
    }
    const here = join(at, name)
    const link = readLink(here)
    if (link === undefined) return undefined
    if (link.target === undefined) {
      at = here
      continue
    }
    const { owner, target } = link
    if (owner !== 0 && owner !== uid) throw foreign(path, nameFromBytes(Buffer.from(here, 'latin1')), owner)
    if (++links > mostLinks) return undefined
    if (target.startsWith('/')) at = '/'
    ahead.push(...target.split('/').reverse())
  }
  return at
}

/**
 * RACE: between the look at the links and the opening of the path somebody may swap one of them. What was opened then is
 * not what the links led to, which the system knows.
 */
export function requireResolved(root: OpenedRoot, resolved: string | undefined): void {
  if (resolved === undefined || root.spec.fd < 0) return
  if (readlinkSync(`/proc/self/fd/${root.spec.fd}`, 'latin1') === resolved) return
  if (isSamePlace(root, resolved)) return
  throw refuse(
    `replica "${escapeName(root.spec.path)}" led elsewhere a moment ago: nothing was changed; run again`,
  )
}

/**
 * Where names may be spelled in several ways, as where their case does not count, the system spells them as it likes: then
 * each folder on the way up has to be the one it was. INVARIANT: looked at without following links.
 */
function isSamePlace(root: OpenedRoot, resolved: string): boolean {
  try {
    let at = resolved
    for (const entry of rootAndAbove(root)) {
      if (!isSameInode(entryOfStats(lstatSync(Buffer.from(at, 'latin1'), { bigint: true })), entry))
        return false
      if (at === '/') return true
      at = dirname(at)
    }
  } catch {
    // Gone meanwhile.
  }
  return false
}

/** Without a target it is no link; undefined when nothing is there, or it may not be looked at. */
function readLink(path: string): { readonly owner: number; readonly target: string | undefined } | undefined {
  const bytes = Buffer.from(path, 'latin1')
  try {
    const stats = lstatSync(bytes)
    const target = stats.isSymbolicLink() ? readlinkSync(bytes, 'latin1') : undefined
    return { owner: stats.uid, target }
  } catch {
    return undefined
  }
}

function foreign(path: string, link: string, owner: number): SyncError {
  return refuse(
    `replica "${escapeName(path)}" leads over the link "${escapeName(link)}", which belongs to user ${owner}: expected ` +
      'links of root or of the user this runs as, for others could lead it anywhere; name the folder itself',
  )
}

function refuse(message: string): SyncError {
  return new SyncError('root-refused', 26, message)
}
