import { describe, expect, it } from 'vitest'
import { Ledger } from '../../src/apply/ledger.js'
import { vetoRemovals } from '../../src/apply/veto-removals.js'
import { pathOfNode } from '../../src/model/pairs.js'
import type { RelativePath } from '../../src/model/path.js'
import { created, deleted, type PairsLiteral, replaced, same } from '../support/pairs.js'
import { type FakeOptions, type FakeRun, fakeRun, type Line } from './fake-run.js'

const literal: PairsLiteral = {
  n: created({ below: { x: created() } }),
  o: deleted({
    below: { f: deleted(), s: deleted({ below: { g: deleted() } }), t: deleted({ kind: 'directory' }) },
  }),
  k: replaced('file', 'directory', { below: { h: deleted({ kind: 'directory' }) } }),
  p: same({ below: { q: deleted({ kind: 'directory' }), z: deleted() } }),
}

interface Asked {
  readonly asked: readonly Line[]
  readonly spared: readonly RelativePath[]
  readonly run: FakeRun
  readonly ledger: Ledger
}

async function ask(
  vetoed: readonly RelativePath[],
  options: FakeOptions = {},
  before: (run: FakeRun, ledger: Ledger) => void = () => undefined,
): Promise<Asked> {
  const asked: Line[] = []
  const run: FakeRun = fakeRun(literal, options)
  const ledger = new Ledger(run.input)
  before(run, ledger)
  const mayChange: FakeOptions['mayChange'] = async ({ action, path }) => {
    asked.push(`${action} ${path}`)
    return await Promise.resolve(!vetoed.includes(path))
  }
  await vetoRemovals({ ...run.input, mayChange }, ledger)
  return { asked, spared: [...ledger.spared].map(node => pathOfNode(node)), run, ledger }
}

describe('the removal of directories', () => {
  it('is asked about parents first, and files are not', async () => {
    const { asked, spared, ledger, run } = await ask([])
    expect(asked).toEqual(['replace k', 'delete k/h', 'delete o', 'delete o/s', 'delete o/t', 'delete p/q'])
    expect(spared).toEqual([])
    expect(run.paths(ledger.asked)).toEqual(['k', 'k/h', 'o', 'o/s', 'o/t', 'p/q'])
  })

  it.each<[vetoed: RelativePath[], spared: RelativePath[], notAsked: Line[]]>([
    [['o'], ['o'], ['delete o/s', 'delete o/t']],
    [['o/s'], ['o/s'], []],
    [['k', 'p/q'], ['k', 'p/q'], ['delete k/h']],
  ])('vetoed of %j is not asked about below', async (vetoed, spared, notAsked) => {
    const { asked, spared: found, ledger, run } = await ask(vetoed)
    expect(found).toEqual(spared)
    const all = ['replace k', 'delete k/h', 'delete o', 'delete o/s', 'delete o/t', 'delete p/q']
    expect(asked).toEqual(all.filter(line => !notAsked.includes(line)))
    expect(vetoed.map(path => ledger.prejudge(run.row(path)))).toEqual(vetoed.map(() => 'skipped'))
  })

  it('is not asked about where nobody asks to be asked', async () => {
    const run = fakeRun(literal)
    const ledger = new Ledger(run.input)
    await vetoRemovals(run.input, ledger)
    expect(ledger.asked.size).toBe(0)
  })

  it.each<[what: string, options: FakeOptions, before: (run: FakeRun, ledger: Ledger) => void]>([
    ['the plan withholds it', { hasHoles: true }, () => undefined],
    ['the source was not read', {}, (_, ledger) => ledger.withholdRemovals()],
    ['the storage failed', {}, (_, ledger) => void (ledger.isStopped = true)],
    ['the run was stopped', {}, ({ abort }) => abort.abort()],
  ])('is not asked about when %s', async (_, options, before) => {
    expect((await ask([], options, before)).asked).toEqual([])
  })

  it('is asked about no more once the run is stopped', async () => {
    const asked: Line[] = []
    const run: FakeRun = fakeRun(literal)
    const mayChange: FakeOptions['mayChange'] = ({ path }) => {
      asked.push(path)
      if (path === 'o') run.abort.abort()
    }
    await vetoRemovals({ ...run.input, mayChange }, new Ledger(run.input))
    expect(asked).toEqual(['k', 'k/h', 'o'])
  })

  it('fails when the answer does', async () => {
    const mine = new Error('mine')
    const { input } = fakeRun(literal)
    const mayChange: FakeOptions['mayChange'] = async () => await Promise.reject(mine)
    await expect(vetoRemovals({ ...input, mayChange }, new Ledger(input))).rejects.toBe(mine)
  })
})
