import { spawnSync } from 'node:child_process'
import { isRoot } from './entry-kind.js'
import { hasAttributes } from './extended-attributes.js'
import { landed } from './landed.js'
import { runProcess } from './run.js'

const version = spawnSync('rsync', ['--version'], { encoding: 'utf8' })

/** Whether there is an rsync to ask for its opinion. */
export const hasRsync: boolean = version.status === 0

/** Whether it can be asked about everything: built with lists and attributes, and by root, who may set them. */
export const rsyncKnowsAll: boolean =
  isRoot &&
  hasAttributes &&
  ['ACLs', 'xattrs', 'symtimes', 'hardlink-symlinks'].every(what =>
    new RegExp(`(?<!no )\\b${what}\\b`).test(version.stdout ?? ''),
  )

/**
 * What rsync would still do, a line for each entry: a second judge that shares no code with us. Null when
 * there is no rsync. `more` adds options, as `-H` for hard links.
 */
export async function rsyncDifferences(
  source: string,
  replica: string,
  more: readonly string[] = [],
): Promise<readonly string[] | null> {
  if (!hasRsync) return null
  const fixed = ['-an', '--delete', '--checksum', '--itemize-changes']
  const args = [...fixed, ...more, '--', `${source}/`, `${replica}/`]
  const { code, stdout, stderr } = await runProcess('rsync', args, { timeoutMs: 600_000 })
  if (code !== 0) throw new Error(`rsync ended with ${code}: ${stderr}`)
  return stdout.split('\n').filter(line => line !== '')
}

/** What a copy by rsync is told to keep, by those who want all of it. */
export const everythingByRsync: readonly string[] = landed.hardLinks ? ['-aHAXS'] : ['-aAXS']

/** Makes the replica what the source is. */
export async function mirrorByRsync(source: string, replica: string): Promise<void> {
  const args = [...everythingByRsync, '--delete', '--modify-window=-1', '--', `${source}/`, `${replica}/`]
  const { code, stderr } = await runProcess('rsync', args, { timeoutMs: 600_000 })
  if (code !== 0) throw new Error(`rsync ended with ${code}: ${stderr}`)
}
