import { describe, expect, it } from 'vitest'
import type { Session } from '../src/session.js'
import type { Plan } from '../src/model/plan.js'
import { type PlanHeader, planLines } from '../src/plan-text.js'
import { readPlanText } from '../src/read-plan.js'
import { created, deleted, type PairsLiteral, replaced, updated } from './support/pairs.js'
import { plan } from './plan/planned.js'

const identity = { type: 'ext4', uuid: '', place: '/dev/sda', run: '', mounted: '', inode: '1', bornNs: '0' }

function textOf(planned: Plan): string {
  const header: PlanHeader = {
    format: 'facsimile plan',
    version: 1,
    madeAt: '2026-01-31T12:00:00.000Z',
    source: { path: '/s\u202e', identity },
    replica: { path: '/r', identity: null },
    options: { exclude: ['\u2028'] },
    totals: planned.totals,
  }
  const roots = { source: { entry: { device: 1n } }, replica: { entry: { device: 1n } } }
  // No more of it is asked for.
  return [...planLines({ roots } as unknown as Session, planned, header)].join('')
}

const all: PairsLiteral = {
  a: updated({ size: 5 }),
  b: created(),
  '\udcff': created(),
  '\u001b\u202e"\u009b': deleted(),
  d: replaced('directory', 'file', { below: { 'x\n': created() } }),
}

describe('a plan as text', () => {
  it('is one JSON document, of which each change is a line', () => {
    const planned = plan(all)
    const text = textOf(planned)
    const { changes, ...header } = JSON.parse(text)
    expect(text.split('\n')).toHaveLength(changes.length + 3)
    expect(header).toMatchObject({ source: { path: '/s\u202e' }, options: { exclude: ['\u2028'] } })
    const told = [...planned.changes].map(({ action, path }) => [action, path])
    expect(
      changes.map((change: { action: string; path?: string }) => [change.action, change.path ?? '\udcff']),
    ).toEqual(told)
    expect(changes.find((change: { path?: string }) => change.path === 'a')).toMatchObject({
      before: { size: 0, mtimeNs: '1600000000123456000' },
      after: { kind: 'file', size: 5, mode: 0o644 },
      reasons: ['size'],
    })
  })

  it('has nothing in it that a terminal acts on', () => {
    expect(textOf(plan(all))).not.toMatch(
      /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u202e\ud800-\udfff]/,
    )
  })

  it.each<[what: string, literal: PairsLiteral]>([
    ['nothing', {}],
    ['one change', { a: created() }],
    ['all that there is', all],
  ])('is read again as it was: %s', async (_, literal) => {
    const planned = plan(literal)
    const held = await readPlanText([textOf(planned)])
    expect([...held.comparer().missed()].map(({ path }) => path).toSorted()).toEqual(
      [...planned.changes].map(({ path }) => path).toSorted(),
    )
  })
})
