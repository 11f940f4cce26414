/** The lock that a run takes: before it reads anything, when it waits for others, or else before it writes. */
import { type Problem, problem } from './model/problem.js'
import type { Settings } from './settings.js'
import type { OpenedRoot } from './tree/local.js'
import { type Lock, lockReplica } from './tree/lock.js'
import { escapeName } from './tree/names.js'
import { waitForLock } from './tree/wait-for-lock.js'

const weak: Readonly<Record<NonNullable<Lock['weakness']>, string>> = {
  'no locks':
    'the file system of the replica cannot lock: only runs of this user on this machine are kept from writing to it at once',
  'no program':
    'without koffi and without the program flock, only runs of this user on this machine that have neither are kept from writing to the replica at once',
}

/** Holds the lock of one replica at most. */
export interface LockKeeper {
  /** Makes this run the only one that writes to a replica; waits for others if that is wanted. */
  readonly take: (replica: OpenedRoot) => Promise<void>
  readonly letGo: () => void
}

export function lockOnce(
  { wait, stateFolder }: Pick<Settings, 'wait' | 'stateFolder'>,
  signal: AbortSignal,
  tell: (notice: Problem) => void,
): LockKeeper {
  let lock: Lock | undefined
  const notice = (message: string): void => tell(problem('notice', 'replica', '', message))
  return {
    take: async replica => {
      if (lock !== undefined) return
      signal.throwIfAborted()
      const shown = escapeName(replica.spec.path)
      const onWait = (): void =>
        notice(`another run is writing to the replica "${shown}": waiting for its end`)
      lock = wait
        ? await waitForLock(replica, stateFolder, { signal, onWait })
        : await lockReplica(replica, stateFolder)
      if (lock.weakness !== undefined) notice(weak[lock.weakness])
    },
    letGo: () => {
      lock?.release()
      lock = undefined
    },
  }
}
