/** The lock that a run takes: before it reads anything, when it waits for others, or else before it writes. */
import { type Problem, problem } from './model/problem.js'
import type { Settings } from './settings.js'
import type { OpenedRoot } from './tree/local.js'
import { type Lock, lockReplica } from './tree/lock.js'
import { escapeName } from './tree/names.js'
import { waitForLock } from './tree/wait-for-lock.js'

const weak =
  'the file system of the replica cannot lock: only runs of this user on this machine are kept from writing to it at once'

/** Makes what takes the lock when it is first called; how to let go of it is told to whoever ends the run. */
export function lockOnce(
  { wait, stateFolder }: Pick<Settings, 'wait' | 'stateFolder'>,
  signal: AbortSignal,
  tell: (notice: Problem) => void,
  atEnd: (release: () => void) => void,
): (replica: OpenedRoot) => Promise<void> {
  let lock: Lock | undefined
  const notice = (message: string): void => tell(problem('notice', 'replica', '', message))
  return async replica => {
    if (lock !== undefined) return
    const shown = escapeName(replica.spec.path)
    const onWait = (): void => notice(`another run is writing to the replica "${shown}": waiting for its end`)
    const taken = wait
      ? await waitForLock(replica, stateFolder, { signal, onWait })
      : await lockReplica(replica, stateFolder)
    lock = taken
    atEnd(() => taken.release())
    if (taken.isWeak) notice(weak)
  }
}
