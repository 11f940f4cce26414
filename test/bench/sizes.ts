/** How large the trees of the cases are, and how much room they take. */
import { join } from 'node:path'
import type { Bench } from './case.js'
import { makeFiles, type TreeShape } from './trees.js'

/** What most cases are measured with. */
export const smallFiles = { files: 100_000, filesEach: 200, mostBytes: 4096 } as const

export type Files = Omit<TreeShape, 'directories'> & { readonly files: number }

const pageBytes = 4096
/** What the system itself keeps of a file, on a tmpfs. */
const inodeBytes = 1500

/** At most what so many copies of a tree take. */
export function bytesOf({ files, filesEach, mostBytes }: Files, copies: number): number {
  const pages = Math.ceil(mostBytes / pageBytes)
  return copies * (files * (inodeBytes + pages * pageBytes) + (files / filesEach) * inodeBytes)
}

export function shapeOf<T extends Pick<Files, 'files' | 'filesEach'>>(
  { scaled }: Bench,
  files: T,
): T & { readonly directories: number } {
  const filesEach = Math.min(files.filesEach, scaled(files.files))
  return { ...files, filesEach, directories: Math.round(scaled(files.files) / filesEach) }
}

/** Makes the source of a case, in whole directories. */
export function makeSource(
  bench: Bench,
  files: Files,
): { readonly source: string; readonly files: readonly string[] } {
  const source = join(bench.folder, 'source')
  return { source, files: makeFiles(source, shapeOf(bench, files)) }
}

/** How many files there are by the scale. */
export function countOf(bench: Bench, files: Pick<Files, 'files' | 'filesEach'>): number {
  const { directories, filesEach } = shapeOf(bench, files)
  return directories * filesEach
}

/** The same, as people write it. */
export function shownCount(bench: Bench, files: Pick<Files, 'files' | 'filesEach'>): string {
  return shown(countOf(bench, files))
}

export function shown(count: number): string {
  return count.toLocaleString('en')
}
