import { errnoOf } from '../model/errno.js'

/** Whether a file system says that it has no files without a name; see O_TMPFILE in open(2). */
export function hasNoUnnamed(error: unknown): boolean {
  return ['EOPNOTSUPP', 'ENOTSUP', 'EISDIR', 'ENOENT', 'EINVAL'].includes(errnoOf(error) ?? '')
}
