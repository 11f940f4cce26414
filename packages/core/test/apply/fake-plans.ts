/** Plans for fake runs, and an executor that answers out of order. */
import { created, deleted, type PairsLiteral, repaired, replaced, updated } from '../support/pairs.js'
import { type FakeOptions, type FakeRun, files, type Line } from './fake-run.js'

export const small: PairsLiteral = {
  a: updated({ size: 3 }),
  d: created({ below: { x: created({ size: 7 }) } }),
  k: replaced('file', 'directory', { size: 5, below: { h: deleted() } }),
  m: repaired({ below: { y: created() } }),
  o: deleted({ below: { f: deleted(), s: deleted({ below: { g: deleted() } }) } }),
  z: deleted(),
}
export const copying: readonly Line[] = ['update a', 'create d', 'create d/x', 'create m/y']
/** Before anything is removed: what takes the place of a directory that holds something. */
export const staging: readonly Line[] = ['stage replace k']
export const removingFiles: readonly Line[] = ['delete k/h', 'delete o/f', 'delete o/s/g', 'delete z']
export const removingFolders: readonly Line[] = ['delete o/s', 'delete o', 'replace k']
export const everything: readonly Line[] = [...copying, ...removingFiles, ...removingFolders, 'metadata m']

/** Forty new directories, some of several chunks, with as many old ones. */
export const large: PairsLiteral = Object.fromEntries(
  Array.from({ length: 40 }, (_, index) => [
    [
      `n${index}`,
      created({ below: { ...files(index * 9, created()), sub: created({ below: { x: created() } }) } }),
    ] as const,
    [`n${index}!`, deleted({ below: files(index, deleted()) })] as const,
  ]).flat(),
)

export function done(lines: readonly Line[]): string[] {
  return lines.map(line => `done ${line}`)
}

export function planned({ plan }: FakeRun): string[] {
  return [...plan.changes].map(({ action, path }) => `done ${action} ${path}`)
}

/** Holds batches back and answers them in the order that `pick` chooses among those that are held. */
export function shuffled(pick: (held: number) => number): {
  readonly before: NonNullable<FakeOptions['before']>
  readonly most: () => number
} {
  const held: (() => void)[] = []
  let underWay = 0
  let most = 0
  const release = (): void => {
    held.splice(pick(held.length), 1)[0]?.()
    if (held.length > 0) setImmediate(release)
  }
  return {
    most: () => most,
    before: async () => {
      most = Math.max(most, ++underWay)
      if (held.length === 0) setImmediate(release)
      await new Promise<void>(resolve => void held.push(resolve))
      underWay -= 1
    },
  }
}
