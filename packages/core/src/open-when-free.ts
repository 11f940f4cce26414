/** Both roots, opened; by who waits for other runs only once there are none, for what they do is to be seen. */
import type { LockKeeper } from './lock-once.js'
import { isSameInode } from './model/entry.js'
import type { Settings } from './settings.js'
import type { OpenedRoot } from './tree/local.js'
import { openRoots, type Roots } from './tree/roots.js'

/**
 * RACE: while this run waits for the lock of a folder, another may be put in its place, and what is known of the roots grows
 * old. So they are opened anew once the lock is had, until the path leads to what is locked.
 */
export async function openWhenFree(settings: Settings, lock: LockKeeper): Promise<Roots> {
  let roots = openRoots(settings)
  while (settings.wait && roots.replica !== undefined) {
    const { replica } = roots
    try {
      await lock.take(replica)
    } finally {
      roots.close()
    }
    roots = openRoots(settings)
    if (roots.replica !== undefined && isSameInode(roots.replica.entry, replica.entry)) break
    lock.letGo()
  }
  return settings.links === 'follow' ? { ...roots, source: following(roots.source) } : roots
}

function following(source: OpenedRoot): OpenedRoot {
  return { ...source, spec: { ...source.spec, follows: true } }
}
