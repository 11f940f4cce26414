/** What a run cannot do without, apart from its options: asked before anything is touched. */
import { homedir } from 'node:os'
import { join } from 'node:path'
import { SyncError } from './model/errors.js'

/** @throws SyncError when this process cannot run at all where it is, or as it was started */
export function requireSurroundings(): void {
  try {
    // fast-glob asks for it, whatever it is told.
    process.cwd()
  } catch (cause) {
    const message =
      'the working directory of this process no longer exists: nothing was touched; start it in another'
    throw new SyncError('invalid-options', 2, message, { cause })
  }
  // Under it Node sets neither modes nor times through descriptors, whatever else is allowed.
  if (Reflect.get(process, 'permission') !== undefined) {
    const message =
      "Node's permission model forbids what a mirror needs, such as setting modes and times: nothing was touched; start node without --permission"
    throw new SyncError('invalid-options', 2, message)
  }
}

/** Where a run remembers what it found out, unless told. A user without a home has none. */
export function defaultStateFolder(): string {
  return join(home(), '.local', 'state', 'facsimile')
}

function home(): string {
  try {
    return homedir()
  } catch {
    // Unknown to the system, and without HOME, as in some containers.
    return '/'
  }
}
