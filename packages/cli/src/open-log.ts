/**
 * Opens the log to append to it, though folders on its way may be somebody else's, and we may be root.
 *
 * - Folder by folder, each held while the next is opened in it, so that nobody can swap one (Linux).
 * - A link on the way is followed if it is ours or root's; the last name may be none.
 * - Only a regular file. As root only one of root's that no one else may write to, and of one name: of another name
 *   it may be a file that is not meant.
 */
import * as fs from 'node:fs'
import * as path from 'node:path'
import { reasonOf } from './reason-of.js'
import { UsageError } from './usage-error.js'

// Not there on Windows, where names are no way to FIFOs and links need a privilege. Without O_NONBLOCK the open
// of a FIFO would wait for a reader.
const { O_WRONLY, O_APPEND, O_CREAT, O_DIRECTORY = 0, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = fs.constants
const forAppending = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK
/** Linux only, and not named by Node: holds an entry, and opens nothing. */
const O_PATH = 0o10000000
const mostLinks = 40
const othersWrite = 0o002

/** @throws UsageError when the file cannot be a log */
export function openLog(file: string, euid: number | undefined = process.geteuid?.()): number {
  let descriptor: number
  try {
    descriptor = inLogFolder(file, euid, nameOf =>
      fs.openSync(nameOf(path.basename(file)), forAppending, 0o600),
    )
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(`the log ${file} cannot be opened: ${reasonOf(error)}`)
  }
  const refusal = refusalOf(fs.fstatSync(descriptor), euid)
  if (refusal === undefined) return descriptor
  fs.closeSync(descriptor)
  throw new UsageError(`the log ${file} ${refusal}`)
}

function refusalOf(stats: fs.Stats, euid: number | undefined): string | undefined {
  if (!stats.isFile()) return 'is not a regular file; give one, or a name that does not exist yet'
  if (euid !== 0) return undefined
  if (stats.uid !== 0) return 'belongs to another user, and this is root: give one of root, or a new name'
  if ((stats.mode & othersWrite) !== 0)
    return 'may be written to by everybody, and this is root: take that right away, or give a new name'
  if (stats.nlink > 1) return 'has other names, and this is root: give a file of one name, or a new name'
  return undefined
}

function canHold(): boolean {
  return process.platform === 'linux' && fs.existsSync('/proc/self/fd')
}

/**
 * Does something in the folder of a log, which is held meanwhile; `nameOf` gives names in it.
 *
 * @throws UsageError when the way there is not to be trusted
 */
export function inLogFolder<Result>(
  file: string,
  euid: number | undefined = process.geteuid?.(),
  use: (nameOf: (base: string) => string) => Result,
): Result {
  if (!canHold()) return use(base => path.join(path.dirname(file), base))
  const names = namesOf(path.dirname(file))
  let at = fs.openSync('/', O_PATH | O_DIRECTORY)
  try {
    for (let links = 0, name = names.shift(); name !== undefined; name = names.shift()) {
      const next = fs.openSync(`/proc/self/fd/${at}/${name}`, O_PATH | O_NOFOLLOW)
      const stats = fs.fstatSync(next, { bigint: true })
      if (!stats.isSymbolicLink()) {
        fs.closeSync(at)
        at = next
        continue
      }
      fs.closeSync(next)
      links += 1
      if (links > mostLinks) throw new UsageError(`the log ${file} lies behind too many links`)
      if (stats.uid !== 0n && stats.uid !== BigInt(euid ?? 0))
        throw new UsageError(
          `the log ${file} lies behind a link of another user, ${name}: give its real path`,
        )
      const target = targetOf(`/proc/self/fd/${at}/${name}`, stats)
      names.unshift(...namesOf(target))
      if (path.isAbsolute(target)) {
        fs.closeSync(at)
        at = fs.openSync('/', O_PATH | O_DIRECTORY)
      }
    }
    const folder = at
    return use(base => `/proc/self/fd/${folder}/${base}`)
  } finally {
    fs.closeSync(at)
  }
}

/** RACE: a link is read by its name, and may be another one by then; so it is looked at again. */
function targetOf(link: string, seen: fs.BigIntStats): string {
  const target = fs.readlinkSync(link)
  const now = fs.lstatSync(link, { bigint: true })
  if (now.ino === seen.ino && now.ctimeNs === seen.ctimeNs) return target
  throw Object.assign(new Error('a link on the way was replaced'), { code: 'ELOOP' })
}

function namesOf(directory: string): string[] {
  return directory.split('/').filter(name => name !== '' && name !== '.')
}
