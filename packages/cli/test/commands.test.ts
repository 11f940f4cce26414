import { describe, expect, it } from 'vitest'
import { commandLike, commandNames, refuseMeaningless } from '../src/commands.js'
import { flags } from '../src/flags.js'
import { jobFlags } from '../src/job-flags.js'

const flagsThat = (command: (typeof commandNames)[number], are: 'taken' | 'refused'): readonly string[] =>
  flags
    // Those of schedules are refused by all of them.
    .filter(flag => !jobFlags.includes(flag))
    .filter(flag => {
      try {
        refuseMeaningless(command, [flag])
        return are === 'taken'
      } catch (error) {
        expect(error).toMatchObject({ name: 'UsageError' })
        return are === 'refused'
      }
    })
    .map(({ long }) => long)

describe('a flag that would do nothing is refused', () => {
  it('of schedules, by all', () => {
    for (const command of commandNames)
      for (const flag of jobFlags)
        expect(() => refuseMeaningless(command, [flag])).toThrow(/is for facsimile schedule/)
  })

  it('by sync and check', () => {
    expect(flagsThat('sync', 'refused')).toEqual(['--out'])
    expect(flagsThat('check', 'refused').toSorted()).toEqual(['--out', '--reconcile', '--watch'])
  })

  it('by plan', () => {
    expect(flagsThat('plan', 'refused').toSorted()).toEqual([
      '--backup-dir',
      '--bwlimit',
      '--cron',
      '--dry-run',
      '--durable',
      '--every',
      '--interval',
      '--keep',
      '--partial',
      '--reconcile',
      '--time-zone',
      '--wait',
      '--watch',
    ])
  })

  it('by apply, which has all else from the plan', () => {
    expect(flagsThat('apply', 'taken').toSorted()).toEqual([
      '--backup-dir',
      '--bwlimit',
      '--concurrency',
      '--dry-run',
      '--durable',
      '--held',
      '--json',
      '--keep',
      '--log',
      '--log-keep',
      '--log-max-age',
      '--log-max-size',
      '--partial',
      '--quiet',
      '--verbose',
      '--wait',
    ])
  })

  it('by explain', () => {
    const refused = [
      '--backup-dir',
      '--bwlimit',
      '--cron',
      '--dry-run',
      '--durable',
      '--every',
      '--interval',
      '--json',
      '--keep',
      '--log',
      '--log-keep',
      '--log-max-age',
      '--log-max-size',
      '--out',
      '--partial',
      '--quiet',
      '--reconcile',
      '--time-zone',
    ]
    expect(flagsThat('explain', 'refused').toSorted()).toEqual([...refused, '--verbose', '--wait', '--watch'])
  })

  it('with a sentence that says why', () => {
    const out = flags.filter(({ long }) => long === '--out')
    expect(() => refuseMeaningless('apply', out)).toThrow(
      '--out makes no sense with apply: what a plan does was decided when it was made; leave it out',
    )
  })
})

describe('a word that is nearly a command', () => {
  it.each([
    ['synk', 'sync'],
    ['chck', 'check'],
    ['chekc', 'check'],
    ['plann', 'plan'],
    ['paln', 'plan'],
    ['aply', 'apply'],
    ['eplain', 'explain'],
  ])('%s is %s', (word, meant) => expect(commandLike(word)).toBe(meant))

  it.each(['', 'a', 'photos', 'sy', 'replay', ...commandNames])('%j is none', word => {
    expect(commandLike(word)).toBeUndefined()
  })
})
