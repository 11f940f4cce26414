import * as os from 'node:os'
import * as path from 'node:path'

type Environment = Readonly<Record<string, string | undefined>>

/** Where the environment wants state to be kept; the library reads none. A relative path is to be ignored (XDG). */
export function stateFolderFrom(env: Environment): string | undefined {
  const base = env['XDG_STATE_HOME'] ?? ''
  return path.isAbsolute(base) ? path.join(base, 'facsimile') : undefined
}

/** The same, or where the library keeps it when the environment says nothing; undefined for who has no home. */
export function stateFolderOf(env: Environment): string | undefined {
  const home = homeFolder()
  return (
    stateFolderFrom(env) ?? (home === undefined ? undefined : path.join(home, '.local', 'state', 'facsimile'))
  )
}

/** Of the user; undefined for one whom the system does not know. */
export function homeFolder(): string | undefined {
  try {
    return os.homedir()
  } catch {
    return undefined
  }
}

/** Below it, the history of this user's runs. */
export function historyFile(stateFolder: string): string {
  return path.join(stateFolder, 'history.ndjson')
}
