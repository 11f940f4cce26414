/** Reads the text of a plan, line by line; of each change is kept what tells whether it is the one that is planned anew. */
import {
  checkChange,
  type CheckedChange,
  type Fields,
  fieldsOf,
  WrongText,
  wrong,
} from './check-plan-text.js'
import type { HeldOptions } from './held-options.js'
import type { Action } from './model/change.js'
import { SyncError } from './model/errors.js'
import { type HeldChange, planVersion, textOfDeed, textOfReplica } from './model/held-plan.js'
import type { RelativePath } from './model/path.js'
import { RowSet } from './model/row-set.js'
import { type HeldRoot, planFormat } from './plan-text.js'
import type { FolderIdentity } from './tree/folder-identity.js'

/** A plan that was made before, in memory: the path and two numbers a change. */
export class HeldPlan {
  readonly source: HeldRoot
  readonly replica: HeldRoot
  readonly options: HeldOptions
  /** When it was made. */
  readonly madeAt: string
  private readonly places = new Map<RelativePath, number>()
  private readonly deeds: number[] = []
  private readonly replicas: number[] = []
  private readonly actions: Action[] = []
  private readonly withheld: boolean[] = []

  constructor({ source, replica, options, madeAt }: HeldHeader) {
    this.source = source
    this.replica = replica
    this.options = options
    this.madeAt = madeAt
  }

  /** How many changes it has. */
  get length(): number {
    return this.deeds.length
  }

  add(change: CheckedChange): void {
    if (this.places.has(change.path)) throw new WrongText('there are two changes of this path')
    this.places.set(change.path, this.length)
    this.deeds.push(digestOf(textOfDeed(change)))
    this.replicas.push(digestOf(textOfReplica(change)))
    this.actions.push(change.action)
    this.withheld.push(change.isWithheld)
  }

  /** Compares changes with it, and knows which of its own were not met. */
  comparer(): PlanComparer {
    const { places, deeds, replicas, actions, withheld } = this
    const met = new RowSet(this.length)
    return {
      isAsPlanned: (change, isWithheld) => {
        const at = places.get(change.path)
        if (at === undefined) return false
        met.add(at)
        const isSame =
          replicas[at] === digestOf(textOfReplica(change)) && deeds[at] === digestOf(textOfDeed(change))
        return isSame && (isWithheld || withheld[at] === false)
      },
      actionAt: path => actions[places.get(path) ?? -1],
      *missed() {
        for (const [path, at] of places) {
          const action = actions[at]
          if (!met.has(at) && withheld[at] === false && action !== undefined) yield { path, action }
        }
      },
    }
  }
}

/**
 * 53 bits of a text. That two states of one entry have the same is no more than once in 10^15; nobody gains by making it so, for
 * whoever can write into a plan may as well write there what is.
 */
function digestOf(text: string): number {
  let one = 0xdeadbeef
  let other = 0x41c6ce57
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    one = Math.imul(one ^ unit, 2_654_435_761)
    other = Math.imul(other ^ unit, 1_597_334_677)
  }
  one = Math.imul(one ^ (one >>> 16), 2_246_822_507) ^ Math.imul(other ^ (other >>> 13), 3_266_489_909)
  other = Math.imul(other ^ (other >>> 16), 2_246_822_507) ^ Math.imul(one ^ (one >>> 13), 3_266_489_909)
  return 2 ** 32 * (other & 0x1f_ffff) + (one >>> 0)
}

export interface PlanComparer {
  /** `isWithheld`: it is not done in any case. */
  readonly isAsPlanned: (change: HeldChange, isWithheld: boolean) => boolean
  /** What was planned for a path. */
  readonly actionAt: (path: RelativePath) => Action | undefined
  /** What was planned, and is not to be done any more. */
  readonly missed: () => Iterable<{ readonly path: RelativePath; readonly action: Action }>
}

interface HeldHeader extends Pick<HeldPlan, 'source' | 'replica' | 'options' | 'madeAt'> {
  readonly changes: number
}

/** Longer than the longest path there can be, several times. */
const longestLine = 1 << 24

/** @param chunks the text, in pieces of any size: of UTF-8, or strings */
export async function readPlanText(
  chunks: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>,
): Promise<HeldPlan> {
  let held: HeldPlan | undefined
  let expected = 0
  let number = 0
  let state: 'begin' | 'changes' | 'last' | 'end' = 'begin'
  for await (const line of linesOf(chunks)) {
    number += 1
    try {
      if (state === 'end') throw new WrongText('there is more text behind its end')
      if (held === undefined) {
        const header = headerOf(line)
        held = new HeldPlan(header)
        expected = header.changes
        state = expected === 0 ? 'last' : 'changes'
      } else if (line === ']}') {
        if (held.length !== expected)
          throw new WrongText(`it has ${held.length} changes, and should have ${expected}`)
        state = 'end'
      } else {
        if (state === 'last') throw new WrongText('expected its end, "]}"')
        if (!line.endsWith(',')) state = 'last'
        held.add(checkChange(parsed(state === 'last' ? line : line.slice(0, -1))))
      }
    } catch (error) {
      throw error instanceof WrongText ? refuse(`line ${number}: ${error.message}`) : error
    }
  }
  if (held === undefined || state !== 'end') throw refuse('it is cut off: its end is missing')
  return held
}

function refuse(what: string): SyncError {
  const message = `this is no plan that can be applied: ${what}; make it anew with facsimile plan`
  return new SyncError('invalid-options', 2, message)
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    throw new WrongText('it is not JSON, one change a line')
  }
}

const opening = ',"changes":['
const headerFields = ['format', 'version', 'madeAt', 'source', 'replica', 'options', 'totals']

function headerOf(line: string): HeldHeader {
  if (!line.endsWith(opening)) throw new WrongText('expected the begin of a plan, with one change a line')
  const { format, version, ...fields } = looseFields(parsed(`${line.slice(0, -opening.length)}}`))
  if (format !== planFormat) throw wrong('format', JSON.stringify(planFormat), format)
  if (version !== planVersion) throw wrong('version', `${planVersion}, which this version can read`, version)
  const { madeAt, source, replica, options, totals } = fieldsOf(
    { format, version, ...fields },
    'plan',
    headerFields,
  )
  if (typeof madeAt !== 'string' || Number.isNaN(Date.parse(madeAt))) throw wrong('madeAt', 'a time', madeAt)
  const { changes } = looseFields(totals)
  if (typeof changes !== 'number' || !Number.isSafeInteger(changes) || changes < 0)
    throw wrong('totals.changes', 'a whole number', changes)
  const held = heldRoot(source, 'source')
  if (held.identity === null) throw wrong('source.identity', 'an object', null)
  return {
    madeAt,
    source: held,
    replica: heldRoot(replica, 'replica'),
    options: looseFields(options),
    changes,
  }
}

/** Fields of which some are not known here. */
function looseFields(value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong('plan', 'an object', value)
  return Object.assign(Object.create(null), value)
}

const identityFields = ['type', 'uuid', 'place', 'run', 'mounted', 'inode', 'bornNs'] as const

function heldRoot(value: unknown, side: 'source' | 'replica'): HeldRoot {
  const { path, identity } = fieldsOf(value, side, ['path', 'identity'])
  if (typeof path !== 'string' || path === '') throw wrong(`${side}.path`, 'a path', path)
  if (identity === null) return { path, identity }
  const fields = fieldsOf(identity, `${side}.identity`, identityFields)
  for (const name of identityFields)
    if (typeof fields[name] !== 'string') throw wrong(`${side}.identity.${name}`, 'text', fields[name])
  if (!/^-?\d{1,24}$/.test(String(fields['bornNs'])))
    throw wrong(`${side}.identity.bornNs`, 'a whole number as text', fields['bornNs'])
  return { path, identity: { ...fields } as unknown as FolderIdentity }
}

async function* linesOf(
  chunks: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>,
): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let rest = ''
  for await (const chunk of chunks) {
    const text = typeof chunk === 'string' ? chunk : decoded(decoder, chunk)
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
    if (rest.length > longestLine) throw refuse('it has a line that is longer than any plan has')
  }
  if (rest !== '') yield rest
}

function decoded(decoder: InstanceType<typeof TextDecoder>, chunk: Uint8Array): string {
  try {
    return decoder.decode(chunk, { stream: true })
  } catch {
    throw refuse('it is not UTF-8')
  }
}
