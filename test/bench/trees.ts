/** The trees that are mirrored: the same in every run, made of nothing but a seed. */
import { spawnSync } from 'node:child_process'
import {
  closeSync,
  ftruncateSync,
  futimesSync,
  mkdirSync,
  openSync,
  rmSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { Random } from '../support/random.js'

export type TreeShape = {
  readonly directories: number
  readonly filesEach: number
  /** Each file has from 0 to so many bytes. */
  readonly mostBytes: number
  /** Where a directory lies, by its number; two levels unless told, as in most real trees. */
  readonly place?: (directory: number) => string
  /** Files keep the times that the clock gave them. */
  readonly keepsClock?: boolean
}

const directoriesInOne = 20

const seed = 20_260_101
const firstSecond = 1_600_000_000
const secondsOfTimes = 50_000_000

/** Makes a tree of files, and returns their paths. */
export function makeFiles(
  root: string,
  { directories, filesEach, mostBytes, place = inGroups, keepsClock = false }: TreeShape,
): readonly string[] {
  const random = new Random(seed)
  const content = Buffer.alloc(mostBytes, 'facsimile ')
  const files: string[] = []
  for (let directory = 0; directory < directories; directory++) {
    const at = join(root, place(directory))
    mkdirSync(at, { recursive: true })
    for (let index = 0; index < filesEach; index++) {
      const file = join(at, `file-${index}.txt`)
      writeFile(
        file,
        content.subarray(0, mostBytes === 0 ? 0 : random.below(mostBytes + 1)),
        random,
        keepsClock,
      )
      files.push(file)
    }
  }
  return files
}

function writeFile(file: string, content: Buffer, random: Random, keepsClock: boolean): void {
  const fd = openSync(file, 'w')
  try {
    if (content.length > 0) writeSync(fd, content)
    if (keepsClock) return
    // Eighths of a second: nobody who keeps milliseconds has to round them.
    const seconds = firstSecond + random.below(secondsOfTimes) + random.below(8) / 8
    futimesSync(fd, seconds, seconds)
  } finally {
    closeSync(fd)
  }
}

function inGroups(directory: number): string {
  return join(`group-${Math.floor(directory / directoriesInOne)}`, `directory-${directory}`)
}

/** Chains of directories, each so deep. */
export function inChains(depth: number): (directory: number) => string {
  return directory => {
    const levels = Array.from({ length: (directory % depth) + 1 }, (_, level) => `level-${level}`)
    return join(`chain-${Math.floor(directory / depth)}`, ...levels)
  }
}

/** Makes a tree of one file, of bytes that no file system can leave out. */
export function makeLargeFile(root: string, bytes: number): void {
  writeLarge(join(root, 'large.bin'), (file, chunk) => {
    for (let left = bytes; left > 0; left -= chunk.length)
      writeSync(file, chunk, 0, Math.min(left, chunk.length))
  })
}

/** Makes a tree of one file that has data in places, and holes between them. */
export function makeSparseFile(
  root: string,
  { bytes, stretches, stretchBytes }: { bytes: number; stretches: number; stretchBytes: number },
): void {
  writeLarge(join(root, 'sparse.bin'), (file, chunk) => {
    ftruncateSync(file, bytes)
    for (let stretch = 0; stretch < stretches; stretch++) {
      const at = Math.floor((stretch * bytes) / stretches / stretchBytes) * stretchBytes
      writeSync(file, chunk, 0, Math.min(stretchBytes, bytes - at), at)
    }
  })
}

function writeLarge(path: string, write: (file: number, chunk: Buffer) => void): void {
  const random = new Random(seed)
  const chunk = Buffer.from(Uint32Array.from({ length: 1 << 18 }, () => random.below(2 ** 32)).buffer)
  mkdirSync(dirname(path), { recursive: true })
  const file = openSync(path, 'w')
  try {
    write(file, chunk)
  } finally {
    closeSync(file)
  }
  utimesSync(path, firstSecond, firstSecond)
}

/** Writes every hundredth file anew, a different hundredth in each round. */
export function changeOnePercent(files: readonly string[], round: number): void {
  for (let index = round % 100; index < files.length; index += 100) {
    const file = files[index]
    if (file === undefined) continue
    writeFileSync(file, `round ${round}\n`.repeat(1 + (index % 50)))
    // A time of its own: two rounds may be less than a tick apart.
    const seconds = firstSecond + secondsOfTimes + round
    utimesSync(file, seconds, seconds)
  }
}

/** Removes a tree, if it is there: by `rm`, which takes a quarter of the time of Node, and there are many trees. */
export function removeFiles(root: string): void {
  if (process.platform === 'win32' || spawnSync('rm', ['-rf', '--', root]).status !== 0)
    rmSync(root, { recursive: true, force: true })
}
