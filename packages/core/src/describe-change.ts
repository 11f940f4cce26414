/** What differs between the two sides of a change, in words: the replica's value, then the source's. */
import type { BothSides } from './both-sides.js'
import type { Change, Reason } from './model/change.js'
import type { Entry } from './model/entry.js'
import { shownTime } from './find-rule.js'
import { escapeName } from './tree/names.js'
import { isAcl } from './tree/xattrs.js'

export interface ExplainedDifference {
  readonly attribute: Reason
  /** What the replica has, and what it is to have, as text. */
  readonly before: string | undefined
  readonly after: string | undefined
  /** Both in words, such as `mtime +3 s`. */
  readonly text: string
}

export function describeChange(sides: BothSides, change: Change): readonly ExplainedDifference[] {
  return change.reasons.map(reason => describe(sides, change, reason))
}

function describe(sides: BothSides, change: Change, reason: Reason): ExplainedDifference {
  const { path, renamedFrom = path } = change
  const before = change.before ?? sides.entry('replica', renamedFrom)
  const { after } = change
  const of = (value: (entry: Entry) => string): ExplainedDifference => {
    const [old, now] = [before, after].map(entry => (entry === undefined ? undefined : value(entry)))
    return {
      attribute: reason,
      before: old,
      after: now,
      text: `${reason} ${old ?? 'none'} -> ${now ?? 'none'}`,
    }
  }
  const just = (text: string): ExplainedDifference => ({
    attribute: reason,
    before: undefined,
    after: undefined,
    text,
  })
  switch (reason) {
    case 'new':
      return just('the replica has nothing there')
    case 'extraneous':
      return just('not in the source')
    case 'content':
      return just('the content differs')
    case 'links':
      return just('which names are one file differs')
    case 'kind':
      return of(({ kind }) => kind)
    case 'size':
      return of(({ size }) => String(size))
    case 'mode':
      return of(({ mode }) => mode.toString(8).padStart(4, '0'))
    case 'owner':
      return of(({ uid }) => String(uid))
    case 'group':
      return of(({ gid }) => String(gid))
    case 'device':
      return of(({ deviceNumber }) => String(deviceNumber))
    case 'mtime': {
      const difference = of(({ mtimeNs }) => shownTime(mtimeNs))
      if (before === undefined || after === undefined) return difference
      const { before: old, after: now } = difference
      const by = shownDuration(after.mtimeNs - before.mtimeNs)
      return { ...difference, text: `mtime ${by} (${old} -> ${now})` }
    }
    case 'target': {
      const [old, now] = [sides.target('replica', renamedFrom), sides.target('source', path)]
      const [a, b] = [old, now].map(target => (target === undefined ? 'none' : escapeName(target)))
      return { attribute: reason, before: old, after: now, text: `target ${a} -> ${b}` }
    }
    case 'xattrs':
    case 'acls':
      return just(`${reason} ${differingNames(sides, path, renamedFrom, reason === 'acls')}`)
  }
}

function differingNames(sides: BothSides, path: string, old: string, lists: boolean): string {
  const [there, wanted] = [sides.xattrs('replica', old), sides.xattrs('source', path)]
  const names = [...new Set([...there.keys(), ...wanted.keys()])].filter(name => isAcl(name) === lists)
  const differing = names.filter(name => {
    const [a, b] = [there.get(name), wanted.get(name)]
    return a === undefined || b === undefined || Buffer.compare(a, b) !== 0
  })
  return differing.map(escapeName).join(', ')
}

const steps = [
  [1_000_000_000n, 's'],
  [1_000_000n, 'ms'],
  [1000n, '\u00b5s'],
  [1n, 'ns'],
] as const

/** `+3 s`, `-1.5 ms`. */
function shownDuration(ns: bigint): string {
  const size = ns < 0n ? -ns : ns
  const [unit, name] = steps.find(([step]) => size >= step) ?? [1n, 'ns']
  const figure = Number((size * 1000n) / unit) / 1000
  return `${ns < 0n ? '-' : '+'}${figure} ${name}`
}
