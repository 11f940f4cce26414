/**
 * The soak: a source is edited at full speed while the command mirrors it on a short interval and is killed at
 * random, in ways that let it clean up and in one that does not. Then all is quiet, one run is made, and what it
 * leaves must equal the source in all there is. One of the processes lives for a third of the time: its memory and
 * its descriptors must not grow.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compareTrees, exactly } from '../support/compare-trees.js'
import { isRoot } from '../support/entry-kind.js'
import { hasAttributes } from '../support/extended-attributes.js'
import { type EditKind, randomEdits } from '../support/random-edits.js'
import { Random } from '../support/random.js'
import { randomTree } from '../support/random-tree.js'
import { runProcess, type RunResult } from '../support/run.js'
import { TreeModel } from '../support/tree-model.js'
import { type Life, live, mayShrink, type Places, stagedIn } from './life.js'

const main = fileURLToPath(new URL('../../packages/cli/bundle/main.js', import.meta.url))

export type SoakResult = {
  readonly seed: number
  readonly edits: number
  readonly lives: readonly Life[]
  /** The one that lived long. */
  readonly longLife: Life
  readonly last: RunResult
  /** The run after the last one, which has nothing to do. */
  readonly after: RunResult
  readonly differences: readonly string[]
  readonly stagedAtEnd: number
  readonly log: string
}

const entries = { first: 800, fewest: 400, most: 2000 } as const
const editsAtOnce = 100

export async function soak(how: {
  readonly folder: string
  readonly ms: number
  readonly seed: number
}): Promise<SoakResult> {
  const { folder, ms, seed } = how
  const places: Places = { folder, source: join(folder, 'source'), replica: join(folder, 'replica') }
  mkdirSync(places.source)
  randomTree(places.source, { seed, entries: entries.first, fifos: true, hardLinks: true })
  const random = new Random(seed)
  let edits = 0
  const meanwhile = (): void => {
    edits += editOnce(places.source, seed + edits)
  }

  const lives: Life[] = []
  const end = performance.now() + (ms * 2) / 3
  while (performance.now() < end) {
    const signal = random.pick(['SIGKILL', 'SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP'] as const) ?? 'SIGKILL'
    lives.push(await live(places, { ms: random.between(100, 3000), signal, meanwhile }))
  }
  const longLife = await live(places, { ms: ms / 3, signal: 'SIGTERM', meanwhile })

  const run = async (): Promise<RunResult> =>
    await runProcess(process.execPath, [main, places.source, places.replica, ...mayShrink], {
      timeoutMs: 600_000,
    })
  const [last, after] = [await run(), await run()]
  const judged = { ...exactly, precisionNs: 1000n, attributes: hasAttributes && isRoot }
  const differences = compareTrees(places.source, places.replica, judged)
  return {
    seed,
    edits,
    lives,
    longLife,
    last,
    after,
    differences: differences.map(each => JSON.stringify(each)),
    stagedAtEnd: stagedIn(places.replica),
    log: join(folder, 'log'),
  }
}

/** So that the tree neither dies out nor fills the memory. */
function editOnce(source: string, seed: number): number {
  const { size } = TreeModel.of(source)
  const kinds: readonly EditKind[] | undefined =
    size > entries.most ? ['remove', 'truncate'] : size < entries.fewest ? ['create'] : undefined
  const count = editsAtOnce
  randomEdits(source, {
    seed,
    count,
    fifos: true,
    hardLinks: true,
    // These take a program for each, which is slow.
    attributes: hasAttributes && isRoot && kinds === undefined && (seed / count) % 20 < 1,
    ...(kinds === undefined ? {} : { kinds }),
  })
  return count
}
