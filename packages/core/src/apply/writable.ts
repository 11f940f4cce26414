/**
 * Directories that their owner may not write to, such as mode 0555, still get their content. The mode is put
 * right again when the directory is finished, which every directory is that a change touched.
 */
import type { Directory, OwnerRights } from '../tree/tree.js'

const ownerAll = 0o700

/** Runs a step; when the directory refuses it, makes the directory writable for its owner and runs it again. */
export function whileWritable(rights: OwnerRights, directory: Directory, step: () => void): void {
  try {
    step()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES' || rights.anyOwner) throw error
    const { mode, uid } = directory.stat()
    if (uid !== rights.uid || (mode & ownerAll) === ownerAll) throw error
    directory.setMode(mode | ownerAll)
    step()
  }
}
