import { describe, expect, it } from 'vitest'
import { finishTouched } from '../../src/apply/finish.js'
import { Ledger } from '../../src/apply/ledger.js'
import type { RelativePath } from '../../src/model/path.js'
import { created, deleted, type PairLiteral, type PairsLiteral, same } from '../support/pairs.js'
import { type FakeOptions, type FakeRun, fakeRun } from './fake-run.js'

const ofSource = { mode: 0o711, mtimeNs: 11n }
const ofReplica = { mode: 0o755, mtimeNs: 22n }

/** A directory of both sides whose attributes are to be set. */
function differing(below: PairsLiteral = {}, mode = ofSource.mode): PairLiteral {
  return {
    action: 'metadata',
    reasons: ['mode'],
    source: { kind: 'directory', ...ofSource, mode },
    replica: { kind: 'directory', ...ofReplica },
    below,
  }
}

function made(below: PairsLiteral = {}, mode = 0o755): PairLiteral {
  return { ...created({ below }), source: { kind: 'directory', mode } }
}

function dropped(below: PairsLiteral = {}): PairLiteral {
  return { ...deleted({ below }), replica: { kind: 'directory', ...ofReplica } }
}

const literal: PairsLiteral = {
  a: same({ below: { b: differing({ c: same({ kind: 'directory' }) }), x: created() } }),
  m: differing(),
  n: made({ o: made({ f: created() }) }),
  old: dropped({ sub: dropped({ f: deleted() }) }),
}

interface Finished {
  readonly run: FakeRun
  readonly ledger: Ledger
  readonly paths: readonly RelativePath[]
  readonly wanted: Readonly<Record<RelativePath, { readonly mode: number; readonly mtimeNs: bigint }>>
}

async function finished(
  pairs: PairsLiteral,
  touched: readonly RelativePath[],
  options: FakeOptions = {},
  meanwhile: (run: FakeRun, ledger: Ledger) => void = () => undefined,
): Promise<Finished> {
  const run = fakeRun(pairs, options)
  const ledger = new Ledger(run.input)
  for (const path of touched) ledger.touched.add(run.node(path))
  meanwhile(run, ledger)
  await finishTouched(run.input, ledger)
  const wanted = run.finished.map(([path, { mode, mtimeNs }]) => [path, { mode, mtimeNs }] as const)
  return { run, ledger, paths: run.finished.map(([path]) => path), wanted: Object.fromEntries(wanted) }
}

const change = (path: RelativePath): string => `metadata ${path}`

describe('directories are finished', () => {
  it.each<[what: string, touched: string[], paths: string[]]>([
    ['those whose attributes are to change, deepest first', [], ['a/b', 'm']],
    [
      'those that were touched, too',
      ['', 'a', 'n/o', 'n', 'a/b/c'],
      ['a/b/c', 'n/o', 'a/b', 'a', 'n', 'm', ''],
    ],
    ['each of them once', ['m', 'a/b'], ['a/b', 'm']],
  ])('%s', async (_, touched, paths) => {
    expect((await finished(literal, touched)).paths).toEqual(paths)
  })

  it('but none that is gone', async () => {
    const { paths } = await finished(literal, ['old', 'old/sub', 'm'], {}, ({ node }, { removed }) => {
      removed.add(node('old/sub'))
    })
    expect(paths).toEqual(['a/b', 'old', 'm'])
  })

  it('with what the source has; with their own where the source has none', async () => {
    const { wanted } = await finished(literal, ['n', 'old', 'm'])
    expect(wanted).toMatchObject({ m: ofSource, 'a/b': ofSource, n: { mode: 0o755 }, old: ofReplica })
  })

  it('after all that they hold, where they may not be entered then', async () => {
    const pairs = {
      p: made({ q: made({ r: made({}, 0o600), s: made() }, 0o077), t: made() }, 0),
      u: differing({}, 0o100),
    }
    const { paths } = await finished(pairs, ['p', 'p/q', 'p/q/r', 'p/q/s', 'p/t', ''])
    expect(paths).toEqual(['p/q/s', 'p/t', 'u', '', 'p/q/r', 'p/q', 'p'])
  })

  it('so many in a batch, and as many batches at once as can be run', async () => {
    const some = Object.fromEntries(Array.from({ length: 640 }, (_, index) => [`d${index}`, differing()]))
    const { run } = await finished(some, [], { width: 2 })
    const sizes = run.events
      .filter(event => event.startsWith('finish'))
      .map(event => event.split(' ').length - 1)
    expect(sizes).toEqual([128, 128, 128, 128, 128])
    // What came of two batches is told before the next are sent.
    expect(run.events.findIndex(event => event.startsWith('done'))).toBe(2)
    expect(run.outcomes).toHaveLength(640)
  })
})

describe('what is told', () => {
  it('is the outcome of what was planned only', async () => {
    const { run } = await finished(literal, ['a', 'n'])
    expect(run.outcomes).toEqual(['done metadata a/b', 'done metadata m'])
    expect(run.problems).toEqual([])
  })

  it('is each failure: as an outcome, or as a problem where nothing was planned', async () => {
    const { run } = await finished(literal, ['a', 'n'], { unfinished: ['m', 'a'] })
    expect(run.outcomes).toEqual(['done metadata a/b', 'failed metadata m'])
    expect(run.problems.map(({ path }) => path)).toEqual(['a', 'm'])
  })
})

describe('a veto', () => {
  it('leaves a directory with its own attributes, though it was touched', async () => {
    const asked: string[] = []
    const mayChange: FakeOptions['mayChange'] = ({ action, path }) => {
      asked.push(`${action} ${path}`)
      return path !== 'a/b'
    }
    const { run, wanted } = await finished(literal, ['a', 'a/b', 'n'], { mayChange })
    expect(asked).toEqual([change('m'), change('a/b')])
    expect(run.outcomes).toEqual(['skipped metadata a/b', 'done metadata m'])
    expect(wanted).toMatchObject({ 'a/b': ofReplica, m: ofSource })
  })

  it('leaves a directory alone that was not touched', async () => {
    const { paths } = await finished(literal, [], { mayChange: () => false })
    expect(paths).toEqual([])
  })
})

describe('a run that was stopped', () => {
  it.each<[what: string, stop: (run: FakeRun, ledger: Ledger) => void]>([
    ['by its caller', ({ abort }) => abort.abort()],
    ['by its storage', (_, ledger) => void (ledger.isStopped = true)],
  ])('%s puts back what it touched, and begins nothing new', async (_, stop) => {
    const { run, paths, wanted } = await finished(literal, ['a', 'a/b', 'n', 'old'], {}, stop)
    expect(paths).toEqual(['a/b', 'a', 'n', 'old'])
    expect(wanted).toMatchObject({ 'a/b': ofReplica, old: ofReplica, n: { mode: 0o755 } })
    expect(run.outcomes).toEqual([])
  })
})
