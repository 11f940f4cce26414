const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist',
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EISDIR: 'it is a folder',
  ELOOP: 'it is a symbolic link, which is not followed',
  ENXIO: 'it is a FIFO or a socket',
  ENOTDIR: 'a part of its path is no folder',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left',
  EDQUOT: 'the quota is exceeded',
  EIO: 'input/output error',
}

/** Why something could not be opened or written, in words. */
export function reasonOf(error: unknown): string {
  const code = errnoOf(error)
  if (code === undefined) return String(error)
  const reason = reasons[code]
  return reason === undefined ? code : `${reason} (${code})`
}

/** What the system calls an error; undefined when it is none of the system's. */
export function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined
}
