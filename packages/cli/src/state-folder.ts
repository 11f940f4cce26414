import * as path from 'node:path'

/** Where the environment wants state to be kept; the library reads none. A relative path is to be ignored (XDG). */
export function stateFolderFrom(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const base = env['XDG_STATE_HOME'] ?? ''
  return path.isAbsolute(base) ? path.join(base, 'facsimile') : undefined
}
