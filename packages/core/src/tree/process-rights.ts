/** What the system lets this process do besides what its user may; see capabilities(7) and user_namespaces(7). */
import { readFileSync } from 'node:fs'

/** Numbers from capability.h. */
const capabilities = { administrator: 21, makesDevices: 27 } as const

/** As the system writes them; undefined where it does not tell. */
export interface ProcessRights {
  readonly effective: string | undefined
  /** Which users of the system this process can name. */
  readonly users: string | undefined
}

/** What this process may do at present. */
export function rightsOfProcess(): ProcessRights {
  return { effective: effectiveCapabilities(), users: usersOfNamespace() }
}

/** Whether this process has a capability, in the namespace of the system itself. */
export function mayDo(
  what: keyof typeof capabilities,
  { effective, users = allUsers }: ProcessRights = rightsOfProcess(),
): boolean {
  if (effective === undefined) return process.geteuid?.() === 0
  const has = ((BigInt(`0x${effective}`) >> BigInt(capabilities[what])) & 1n) === 1n
  // Who is root in a user namespace only has them all, and may do none of this.
  return has && users === allUsers
}

/** What differs between two processes of one user that may not do the same, as text. */
export function rightsAsText({ effective = '', users = '' }: ProcessRights): string {
  return `${effective} ${users}`
}

const allUsers = '0 0 4294967295'

function effectiveCapabilities(): string | undefined {
  return /^CapEff:\s*([0-9a-f]+)$/m.exec(readOrNothing('/proc/self/status'))?.[1]
}

function usersOfNamespace(): string | undefined {
  const map = readOrNothing('/proc/self/uid_map').trim().replaceAll(/\s+/g, ' ')
  return map === '' ? undefined : map
}

function readOrNothing(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    // Not Linux, or no /proc.
    return ''
  }
}
