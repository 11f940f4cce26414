/** The trees that are mirrored: the same in every run, made of nothing but a seed. */
import { closeSync, mkdirSync, openSync, utimesSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { Random } from '../support/random.js'

export type TreeShape = {
  readonly directories: number
  readonly filesEach: number
  /** Each file has from 0 to so many bytes. */
  readonly mostBytes: number
}

/** Directories lie so many in one: two levels, as in most real trees. */
const directoriesInOne = 20

const seed = 20_260_101

/** Makes a tree of small files, and returns their paths. */
export function makeSmallFiles(
  root: string,
  { directories, filesEach, mostBytes }: TreeShape,
): readonly string[] {
  const random = new Random(seed)
  const content = Buffer.alloc(mostBytes, 'facsimile ')
  const files: string[] = []
  for (let directory = 0; directory < directories; directory++) {
    const group = Math.floor(directory / directoriesInOne)
    const at = join(root, `group-${group}`, `directory-${directory}`)
    mkdirSync(at, { recursive: true })
    for (let index = 0; index < filesEach; index++) {
      const file = join(at, `file-${index}.txt`)
      writeFileSync(file, content.subarray(0, mostBytes === 0 ? 0 : random.below(mostBytes + 1)))
      files.push(file)
    }
  }
  return files
}

/** Makes a tree of one file, of bytes that no file system can leave out. */
export function makeLargeFile(root: string, bytes: number): void {
  const random = new Random(seed)
  const chunk = Buffer.from(Uint32Array.from({ length: 1 << 18 }, () => random.below(2 ** 32)).buffer)
  mkdirSync(root, { recursive: true })
  const file = openSync(join(root, 'large.bin'), 'w')
  try {
    for (let left = bytes; left > 0; left -= chunk.length)
      writeSync(file, chunk, 0, Math.min(left, chunk.length))
  } finally {
    closeSync(file)
  }
}

/** Writes every hundredth file anew, a different hundredth in each round. */
export function changeOnePercent(files: readonly string[], round: number): void {
  for (let index = round % 100; index < files.length; index += 100) {
    const file = files[index]
    if (file === undefined) continue
    writeFileSync(file, `round ${round}\n`.repeat(1 + (index % 50)))
    // A time of its own: two rounds may be less than a tick apart.
    utimesSync(file, 0, 1_700_000_000 + round)
  }
}
