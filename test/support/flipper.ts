/** Somebody who owns parts of the trees, and exchanges what lies there for something else as fast as the system can. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isRoot } from './entry-kind.js'
import { ordinaryUser } from './run.js'

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

/** The program, compiled into a folder; or what does the same, more slowly, where there is no compiler. */
function programIn(folder: string): readonly [command: string, ...args: string[]] {
  const program = join(folder, 'flipper')
  const compiled = spawnSync('gcc', ['-O2', '-o', program, here('flipper.c')])
  return compiled.status === 0 ? [program] : [process.execPath, here('flipper.mjs')]
}

/** Begins to exchange pairs of paths; ends when it is killed. */
export async function flip(
  folder: string,
  pairs: readonly (readonly [one: string, other: string])[],
): Promise<ChildProcess> {
  const [command, ...args] = programIn(folder)
  const user = isRoot ? { uid: ordinaryUser, gid: ordinaryUser } : {}
  const child = spawn(command, [...args, ...pairs.flat()], { stdio: ['ignore', 'pipe', 'inherit'], ...user })
  await once(child.stdout, 'data')
  return child
}
