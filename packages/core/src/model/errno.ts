/**
 * The system's errors, and what follows from them. They are told apart by number: EDQUOT, ESTALE, EUCLEAN and
 * others have no name in libuv, where their `code` is `UNKNOWN` or a sentence.
 */

/** Linux numbers that libuv has no name for, and ESHUTDOWN, which it names only since Node 22. */
const unnamed: ReadonlyMap<number, string> = new Map([
  [-74, 'EBADMSG'],
  [-108, 'ESHUTDOWN'],
  [-116, 'ESTALE'],
  [-117, 'EUCLEAN'],
  [-122, 'EDQUOT'],
])

const meanings: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'permission denied'],
  ['EPERM', 'operation not permitted'],
  ['ENOENT', 'it is not there'],
  ['ENOTDIR', 'it is not a directory'],
  ['EISDIR', 'it is a directory'],
  ['EEXIST', 'something is there already'],
  ['ENOTEMPTY', 'the directory is not empty'],
  ['ELOOP', 'it is a symbolic link'],
  ['ENAMETOOLONG', 'the name or path is too long'],
  ['ENOSPC', 'no space, or no inode, is left'],
  ['EDQUOT', 'the quota is used up'],
  ['EROFS', 'the file system is read-only'],
  ['EIO', 'input/output error'],
  ['EBUSY', 'it is in use'],
  ['EINTR', 'a signal interrupted the system'],
  ['EAGAIN', 'the system cannot do it at the moment'],
  ['ETXTBSY', 'it is a program that is running'],
  ['EMFILE', 'too many files are open in this process'],
  ['ENFILE', 'too many files are open in the system'],
  ['EFBIG', 'the file is too large'],
  ['ESTALE', 'the file server no longer knows it'],
  ['EUCLEAN', 'the file system is damaged'],
  ['EBADMSG', 'the file system is damaged'],
  ['ESHUTDOWN', 'the file system was shut down'],
  ['ENODEV', 'the device is gone'],
  ['ENOTCONN', 'the file system is no longer connected'],
  ['ECONNABORTED', 'the file system has lost its connection'],
  ['ETIMEDOUT', 'the file server does not answer'],
  ['EXDEV', 'it lies on another file system'],
  ['EMLINK', 'it has too many links'],
  ['EINVAL', 'the file system does not accept it'],
  ['EILSEQ', 'the file system cannot hold this name'],
])

/** The name of a system error, such as `EACCES`; undefined for anything else. */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  const { errno, code } = error as NodeJS.ErrnoException
  const named = errno === undefined ? undefined : unnamed.get(errno)
  if (named !== undefined) return named
  return code !== undefined && /^E[A-Z0-9]+$/.test(code) ? code : undefined
}

/** What an error says, without the raw file name that Node's own message carries. */
export function meaningOf(error: unknown): string {
  const name = errnoOf(error)
  if (name !== undefined) return `${meanings.get(name) ?? 'the system refused'} (${name})`
  return error instanceof Error ? error.message : String(error)
}

/** The name is not there (any more), or its parent is no directory (any more). */
export function isGone(error: unknown): boolean {
  const name = errnoOf(error)
  return name === 'ENOENT' || name === 'ENOTDIR'
}

/** An open with no-follow met something that is no longer of the kind that was seen. */
export function isSwapped(error: unknown): boolean {
  const name = errnoOf(error)
  return name === 'ELOOP' || name === 'ENOTDIR' || name === 'EISDIR' || name === 'ENXIO' || name === 'ENOENT'
}

/** Somebody is using it, or a signal came in between: worth another try. */
export function isBusy(error: unknown): boolean {
  return ['EBUSY', 'EPERM', 'EACCES', 'ETXTBSY', 'EINTR', 'EAGAIN'].includes(errnoOf(error) ?? '')
}

/** Whether there is no room, for anybody or for this user. */
export function isFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes(errnoOf(error) ?? '')
}

/** Writing the replica failed in a way that will fail for every entry: the run must stop. */
export function isStorageFailure(error: unknown): boolean {
  const name = errnoOf(error) ?? ''
  return [
    'ENOSPC',
    'EDQUOT',
    'EROFS',
    'EIO',
    'ESTALE',
    'ENODEV',
    'ENOTCONN',
    'ECONNABORTED',
    'ETIMEDOUT',
    'ESHUTDOWN',
    'EUCLEAN',
    'EBADMSG',
  ].includes(name)
}
