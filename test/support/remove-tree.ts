/**
 * Removes trees of any depth and with any modes, without recursion and without following a link. Refuses a
 * tree in which something is mounted: that would empty what the mount shows.
 */
import { chmodSync, lstatSync, readFileSync, realpathSync, rmdirSync, unlinkSync } from 'node:fs'
import { type Bytes, bytesOf } from './byte-names.js'
import { HeldDirectories, type Root } from './held-directories.js'

export function removeTree(root: Root): void {
  if (lstatSync(root, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new Error(`not a directory: ${root.toString()}`)
  }
  refuseMounts(root)
  open(root)
  const at = new HeldDirectories(root)
  try {
    removeAllIn(at)
  } finally {
    at.close()
  }
  rmdirSync(root)
}

/** Removes one entry of the directory one stands in, with all below it. */
export function removeEntry(at: HeldDirectories, name: Bytes): void {
  if (!lstatSync(at.at(name)).isDirectory()) {
    unlinkSync(at.at(name))
    return
  }
  open(at.at(name))
  at.down(name)
  removeAllIn(at)
  at.up()
  rmdirSync(at.at(name))
}

function removeAllIn(at: HeldDirectories): void {
  const levels = [at.list()]
  for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
    const name = level.at(-1)
    if (name === undefined) {
      levels.pop()
      const emptied = levels.at(-1)?.pop()
      if (emptied === undefined) break
      at.up()
      rmdirSync(at.at(emptied))
    } else if (lstatSync(at.at(name)).isDirectory()) {
      // Its name stays on the level until it is empty and removed.
      open(at.at(name))
      at.down(name)
      levels.push(at.list())
    } else {
      unlinkSync(at.at(name))
      level.pop()
    }
  }
}

/** Lets the owner list and change a directory that may forbid it. */
function open(directory: Root): void {
  const { mode } = lstatSync(directory)
  if ((mode & 0o700) !== 0o700) chmodSync(directory, 0o700)
}

function refuseMounts(root: Root): void {
  let mounts: string
  try {
    mounts = readFileSync('/proc/self/mountinfo', 'latin1')
  } catch {
    return
  }
  const real = bytesOf(realpathSync(root, 'buffer'))
  for (const line of mounts.split('\n')) {
    const point = (line.split(' ')[4] ?? '').replaceAll(/\\([0-7]{3})/g, (_, octal: string) =>
      String.fromCharCode(Number.parseInt(octal, 8)),
    )
    if (point === real || point.startsWith(`${real}/`)) throw new Error(`something is mounted at ${point}`)
  }
}
