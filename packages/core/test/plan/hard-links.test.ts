import { describe, expect, it } from 'vitest'
import type { Entry } from '../../src/model/entry.js'
import { NodeMark } from '../../src/model/node-mark.js'
import type { Plan } from '../../src/model/plan.js'
import type { LinkRules } from '../../src/plan/hard-links.js'
import { created, deleted, type PairLiteral, type PairsLiteral, planFacts, same } from '../support/pairs.js'
import { not, plan, type Some } from './planned.js'

type Verdict = 'same' | 'metadata' | 'update' | 'create' | 'replace'
const reasons = {
  same: [],
  metadata: ['mode'],
  update: ['size'],
  create: ['new'],
  replace: ['kind'],
} as const

/**
 * One name: `1=7` is a name of the source's inode 1, which has two names, and of the replica's 7. What follows the
 * inode in brackets is how many names that has, as in `1(3)=7(2)`; `1=` is not in the replica.
 */
function name(what: string, verdict: Verdict, more: Partial<PairLiteral> = {}): PairLiteral {
  const [source, replica = ''] = what.split('=')
  return {
    action: verdict === 'same' ? undefined : verdict,
    reasons: reasons[verdict],
    source: sideOf(source ?? '', 10n),
    replica: replica === '' ? undefined : sideOf(replica, 20n),
    ...more,
  }
}

function sideOf(what: string, device: bigint): Partial<Entry> {
  const [, inode = '0', links = '2'] = /^(\d+)(?:\((\d+)\))?$/.exec(what) ?? []
  return { kind: 'file', size: 5, inode: BigInt(inode), links: Number(links), device }
}

function rules(some: Partial<LinkRules>): Some {
  return { links: { ...planFacts.links, ...some } }
}

const user: Some = rules({ rights: { anyOwner: false, uid: 7 } })

/** Each change with what it is linked to. */
function shown(found: Plan): readonly string[] {
  return [...found.changes].map(({ action, path, linkedTo }) =>
    linkedTo === undefined ? `${action} ${path}` : `${action} ${path} => ${linkedTo}`,
  )
}

type Row = [what: string, literal: PairsLiteral, changes: readonly string[], some?: Some]

describe('a group', () => {
  it.each<Row>([
    ['that is new', { a: name('1=', 'create'), b: name('1=', 'create') }, ['create a', 'link b => a']],
    ['that is there', { a: name('1=1', 'same'), b: name('1=1', 'same') }, []],
    ['that is apart, and equal', { a: name('1=1(1)', 'same'), b: name('1=2(1)', 'same') }, ['link b => a']],
    [
      'keeps what most names share',
      { a: name('1(3)=1(1)', 'same'), b: name('1(3)=2', 'same'), c: name('1(3)=2', 'same') },
      ['link a => b'],
    ],
    [
      'keeps what is equal, though it comes later',
      { a: name('1=', 'create'), b: name('1=2(1)', 'same') },
      ['link a => b'],
    ],
    [
      'whose content changes is written once',
      { a: name('1=1', 'update'), b: name('1=1', 'update') },
      ['update a', 'link b => a'],
    ],
    [
      'whose attributes change is repaired once',
      { a: name('1=1', 'metadata'), b: name('1=1', 'metadata') },
      ['metadata a'],
    ],
    [
      'whose attributes change while it grows',
      { 0: name('1(3)=', 'create'), a: name('1(3)=1', 'metadata'), b: name('1(3)=1', 'metadata') },
      ['link 0 => a', 'metadata a'],
    ],
    [
      'of which a name may lie outside is made anew to change its attributes',
      { a: name('1=1(3)', 'metadata'), b: name('1=1(3)', 'metadata') },
      ['update a', 'link b => a'],
    ],
    [
      'of which a name is to be deleted, too: that may be withheld',
      { a: name('1(1)=1', 'metadata'), b: deleted({}), c: { ...deleted({}), replica: sideOf('1', 20n) } },
      ['update a', 'delete b', 'delete c'],
    ],
    [
      'of which a name lies outside is left alone while it is equal',
      { a: name('1=1(3)', 'same'), b: name('1=1(3)', 'same') },
      [],
    ],
    [
      'prefers an equal file to one whose attributes it may not set',
      { a: name('1=1(9)', 'metadata'), b: name('1=2(1)', 'same') },
      ['link a => b'],
    ],
    [
      'takes the place of another kind',
      { a: name('1=', 'create'), b: { ...name('1=2(1)', 'replace'), replica: { kind: 'symlink' } } },
      ['create a', 'replace b => a'],
    ],
    [
      'begins with what does not replace a full directory',
      { a: full(), b: name('1(3)=', 'create'), c: name('1(3)=', 'create') },
      ['create b', 'link c => b', 'delete a/x', 'replace a => b'],
    ],
    [
      'that replaces full directories alone begins with the last, which is made first',
      { a: full(), b: full() },
      ['delete a/x', 'delete b/x', 'replace b', 'replace a => b'],
    ],
    [
      'across directories',
      { d: same({ below: { a: name('1=', 'create') } }), e: created({ below: { a: name('1=', 'create') } }) },
      ['create d/a', 'create e', 'link e/a => d/a'],
    ],
    [
      'out of scope in part',
      { a: { ...name('1(3)=', 'create'), ...not }, b: name('1(3)=', 'create'), c: name('1(3)=', 'create') },
      ['create b', 'link c => b'],
    ],
    [
      'of one name in scope',
      { a: name('1=', 'create'), b: { ...name('1=', 'create'), ...not } },
      ['create a'],
    ],
    [
      'that cannot be created is none',
      { a: { ...name('1=', 'same'), action: undefined }, b: { ...name('1=', 'same'), action: undefined } },
      [],
    ],
    [
      'in a mounted file system is one of its own',
      {
        a: name('1(4)=', 'create'),
        m: mounted(30n, { a: name('1(4)=', 'create'), d: mounted(30n, { a: name('1(4)=', 'create') }) }),
        n: mounted(20n, { a: name('1(4)=', 'create') }),
      },
      ['create a', 'create m/a', 'link m/d/a => m/a', 'create n/a'],
    ],
  ])('%s', (_, literal, changes, some) => {
    expect(shown(plan(literal, some))).toEqual(changes)
  })
})

function full(): PairLiteral {
  return { ...name('1(3)=', 'replace'), replica: { kind: 'directory' }, below: { x: deleted() } }
}

/** A directory on both sides, on another file system of the replica. */
function mounted(device: bigint, below: PairsLiteral): PairLiteral {
  return { ...same({ below, marks: NodeMark.mounted }), replica: { kind: 'directory', device } }
}

describe('names of one file that the source keeps apart', () => {
  it.each<Row>([
    ['are parted', { a: name('1(1)=1', 'same'), b: name('2(1)=1', 'same') }, ['update b']],
    [
      'leave the file to those that need no change',
      { a: name('1(1)=1', 'update'), b: name('2(1)=1', 'same') },
      ['update a'],
    ],
    [
      'leave it to the larger group',
      { a: name('1(1)=1(3)', 'same'), b: name('2=1(3)', 'same'), c: name('2=1(3)', 'same') },
      ['update a'],
    ],
    [
      'are made anew where their attributes change',
      { a: name('1(1)=1', 'metadata'), b: name('2(1)=1', 'metadata') },
      ['update a', 'update b'],
    ],
    [
      'of two groups, crosswise',
      {
        a: name('1=1', 'same'),
        b: name('2=1', 'same'),
        c: name('1=2', 'same'),
        d: name('2=2', 'same'),
      },
      ['link b => d', 'link c => a'],
    ],
    [
      'and that are deleted do not count',
      { a: name('1(1)=1', 'same'), b: { ...deleted(), replica: sideOf('1', 20n) } },
      ['delete b'],
    ],
  ])('%s', (_, literal, changes, some) => {
    expect([...shown(plan(literal, some))].sort()).toEqual([...changes].sort())
  })
})

describe('of somebody else', () => {
  it.each<Row>([
    ['what is whole is left', { a: name('1=1', 'same'), b: name('1=1', 'same') }, [], user],
    [
      'what is linked to is made anew: Linux may refuse it',
      { a: name('1=1(1)', 'same'), b: name('1=', 'create') },
      ['update a', 'link b => a'],
      user,
    ],
    [
      'attributes are not set',
      { a: name('1=1', 'metadata'), b: name('1=1', 'metadata') },
      ['update a', 'link b => a'],
      user,
    ],
  ])('%s', (_, literal, changes, some) => {
    expect(shown(plan(literal, some))).toEqual(changes)
  })
})

describe('with a limit', () => {
  const names = (verdict: Verdict, inodes: readonly number[]): PairsLiteral =>
    Object.fromEntries(
      inodes.map((inode, index) => [
        `f${index}`,
        name(`1(9)=${verdict === 'create' ? '' : `${inode}(2)`}`, verdict),
      ]),
    )
  it.each<Row>([
    [
      'is cut',
      names('create', [0, 0, 0, 0, 0]),
      ['create f0', 'link f1 => f0', 'create f2', 'link f3 => f2', 'create f4'],
      rules({ maxLinks: 2 }),
    ],
    ['stays cut', names('same', [1, 1, 2, 2, 3]), [], rules({ maxLinks: 2 })],
    [
      'that names outside reach is made anew',
      { a: name('1=1(2)', 'same'), b: name('1=', 'create') },
      ['update a', 'link b => a'],
      rules({ maxLinks: 2 }),
    ],
    ['of one name is all apart', names('create', [0, 0]), ['create f0', 'create f1'], rules({ maxLinks: 1 })],
    [
      'that has none is all apart',
      names('create', [0, 0]),
      ['create f0', 'create f1'],
      rules({ hardLinks: 'unheld' }),
    ],
  ])('%s', (_, literal, changes, some) => {
    expect(shown(plan(literal, some))).toEqual(changes)
  })

  it('what is cut off is a residual', () => {
    const { residuals } = plan(names('create', [0, 0, 0, 0, 0]), rules({ maxLinks: 2 }))
    expect(residuals).toMatchObject([{ attribute: 'hard links', count: 3, example: 'f2' }])
    expect(plan(names('create', [0, 0]), rules({ maxLinks: 2 })).residuals).toEqual([])
  })
})

describe('not wanted', () => {
  const unwanted = rules({ hardLinks: 'unwanted' })
  it.each<Row>([
    [
      'all are copied',
      { a: name('1=', 'create'), b: name('1=', 'create') },
      ['create a', 'create b'],
      unwanted,
    ],
    ['what is linked stays so', { a: name('1(1)=1', 'same'), b: name('2(1)=1', 'same') }, [], unwanted],
    ['nothing is written through', { a: name('1=1', 'metadata') }, ['update a'], unwanted],
    ['one name is repaired', { a: name('1=1(1)', 'metadata') }, ['metadata a'], unwanted],
  ])('%s', (_, literal, changes, some) => {
    const found = plan(literal, some)
    expect(shown(found)).toEqual(changes)
    expect(found.residuals).toEqual([])
  })
})

describe('the totals', () => {
  it('count the content of a group once, and each row where it belongs', () => {
    const { totals } = plan({
      a: name('1(4)=', 'create'),
      b: name('1(4)=2(1)', 'update'),
      c: name('1(4)=', 'create'),
      d: name('3=3', 'metadata'),
      e: name('3=3', 'metadata'),
      f: name('5(1)=6', 'same'),
      g: name('7(1)=6', 'same'),
    })
    expect(totals).toMatchObject({ bytes: 10, changes: 5, unchanged: 3, spaceNeeded: 10 })
    expect(totals.byAction).toMatchObject({ create: 1, link: 2, metadata: 1, update: 1 })
  })

  it('say why', () => {
    const found = plan({
      a: name('1=', 'create'),
      b: name('1=', 'create'),
      c: name('2=3(1)', 'same'),
      d: name('2=4(1)', 'same'),
    })
    expect([...found.changes].map(change => change.reasons)).toEqual([['new'], ['new', 'links'], ['links']])
  })
})

it('gives others a turn, and does not take long, with very many names', () => {
  const literal = Object.fromEntries(
    Array.from({ length: 30_000 }, (_, index) => [`f${index}`, name('1(30000)=', 'create')]),
  )
  const begun = performance.now()
  const found = plan(literal)
  expect(found.totals.byAction.link).toBe(29_999)
  expect(performance.now() - begun).toBeLessThan(10_000)
})
