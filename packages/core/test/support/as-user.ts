/** Runs a step of a test as an ordinary user where the test is run as root. */
import { isRoot } from '../../../../test/support/entry-kind.js'
import { ordinaryUser } from '../../../../test/support/run.js'

/** The system judges every call of the step by this user's rights; the step must not wait for anything. */
export function asOrdinaryUser<T>(step: () => T): T {
  if (!isRoot) return step()
  process.setegid?.(ordinaryUser)
  process.seteuid?.(ordinaryUser)
  try {
    return step()
  } finally {
    process.seteuid?.(0)
    process.setegid?.(0)
  }
}
