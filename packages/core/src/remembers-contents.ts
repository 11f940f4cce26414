import type { FolderTools } from './content-memory.js'
import type { Settings } from './settings.js'
import { identifyFolder } from './tree/folder-identity.js'
import { mountOf } from './tree/mounts.js'

export const folderTools: FolderTools = { identifyFolder, mountOf }

/** Only where contents are compared, and not by a function or a hash of the caller's own. */
export function remembersContents({
  compare,
  hasher,
  hashMemory,
}: Pick<Settings, 'compare' | 'hasher' | 'hashMemory'>): boolean {
  return compare === 'content' && hashMemory && typeof hasher !== 'object'
}
