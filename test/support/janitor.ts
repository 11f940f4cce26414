/**
 * Cleans up after this process when it could not do so itself, killed or not: a program in a session of its own that
 * reads from us until there is nobody left to write.
 */
import { type ChildProcess, spawn } from 'node:child_process'

const script = `cat >/dev/null
folder=$1
shift
for at; do umount -l "$at" 2>/dev/null; done
rm -rf --one-file-system -- "$folder"`

/** Waits for our end, to unmount `mounts` and to remove the folder that holds them. Killed when it is not needed. */
export function startJanitor(folder: string, mounts: readonly string[]): ChildProcess {
  const janitor = spawn('sh', ['-c', script, 'sh', folder, ...mounts], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  janitor.unref()
  return janitor
}
