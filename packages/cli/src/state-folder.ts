import * as os from 'node:os'
import * as path from 'node:path'

/** Where the environment wants state to be kept; the library reads none. A relative path is to be ignored (XDG). */
export function stateFolderFrom(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const base = env['XDG_STATE_HOME'] ?? ''
  return path.isAbsolute(base) ? path.join(base, 'facsimile') : undefined
}

/** The same, or where it is kept when the environment says nothing: what the library does then, too. */
export function stateFolderOf(env: Readonly<Record<string, string | undefined>>): string {
  return stateFolderFrom(env) ?? path.join(os.homedir(), '.local', 'state', 'facsimile')
}
