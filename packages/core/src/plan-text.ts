/**
 * A plan as text: one JSON document, of which each change is a line, so that a million of them are written and read one by
 * one. `schema/plan-v1.schema.json` describes it.
 */
import { devicesOf, heldChangeOf } from './held-change-of.js'
import type { HeldOptions } from './held-options.js'
import { type Reason, reasonsOf, type Withholding } from './model/change.js'
import { type HeldChange, type HeldEntry, planVersion } from './model/held-plan.js'
import type { Plan, PlanTotals } from './model/plan.js'
import type { Session } from './session.js'
import { type FolderIdentity, identifyFolder } from './tree/folder-identity.js'
import { isUtf8Name, nameToBytes } from './tree/names.js'
import type { RelativePath } from './model/path.js'

/** All that stands before the changes. */
export interface PlanHeader {
  readonly format: typeof planFormat
  readonly version: typeof planVersion
  readonly madeAt: string
  readonly source: HeldRoot
  readonly replica: HeldRoot
  readonly options: HeldOptions
  readonly totals: PlanTotals
}

export interface HeldRoot {
  readonly path: string
  /** Null: it did not exist. */
  readonly identity: FolderIdentity | null
}

export const planFormat = 'facsimile plan'

export function planHeader({ settings, roots }: Session, plan: Plan, options: HeldOptions): PlanHeader {
  const { source, replica, mounts } = roots
  return {
    format: planFormat,
    version: planVersion,
    madeAt: new Date().toISOString(),
    source: { path: settings.source, identity: identifyFolder(source, settings.source, mounts) },
    replica: {
      path: settings.replica,
      identity: replica === undefined ? null : identifyFolder(replica, settings.replica, mounts),
    },
    options,
    totals: plan.totals,
  }
}

/** The lines of a plan, each with its end. May be asked for more than once, also when the run that made it is over. */
export function planLines(session: Session, plan: Plan, header: PlanHeader): Iterable<string> {
  const devices = devicesOf(session.roots)
  return { [Symbol.iterator]: () => linesOf(plan, header, devices) }
}

function* linesOf(plan: Plan, header: PlanHeader, devices: ReturnType<typeof devicesOf>): Generator<string> {
  yield `${shownSafely(JSON.stringify(header)).slice(0, -1)},"changes":[\n`
  const { pairs, links, moves, order } = plan
  let line: string | undefined
  for (const rows of [order.move, order.copy, order.remove, order.finish]) {
    for (const row of rows) {
      if (line !== undefined) yield `${line},\n`
      const change = heldChangeOf({ pairs, links, moves }, row, devices)
      line = shownSafely(changeText(change, reasonsOf(pairs.reasonBits(row)), plan.withholding(row)))
    }
  }
  if (line !== undefined) yield `${line}\n`
  yield ']}\n'
}

/** Put together by hand: for a million changes an object for each part of one would be most of the work. */
function changeText(
  { action, path, linkedTo, renamedFrom, before, moved, after, oldNameStays }: HeldChange,
  reasons: readonly Reason[],
  withheld: Withholding | undefined,
): string {
  const parts = [
    `"action":"${action}"`,
    pathText(path),
    linkedTo === undefined ? '' : `"linkedTo":{${pathText(linkedTo)}}`,
    renamedFrom === undefined ? '' : `"renamedFrom":{${pathText(renamedFrom)}}`,
    entryText('before', before),
    entryText('moved', moved),
    entryText('after', after),
    oldNameStays ? '"oldNameStays":true' : '',
    withheld === undefined ? '' : `"withheld":"${withheld}"`,
    `"reasons":[${reasons.map(reason => `"${reason}"`).join()}]`,
  ]
  return `{${parts.filter(part => part !== '').join()}}`
}

function pathText(path: RelativePath): string {
  if (isUtf8Name(path)) return `"path":${JSON.stringify(path)}`
  return `"pathBase64":"${Buffer.from(nameToBytes(path)).toString('base64')}"`
}

/** JSON has no numbers of 64 bits. */
function entryText(name: string, entry: HeldEntry | undefined): string {
  if (entry === undefined) return ''
  const { kind, size, mode, uid, gid, links, mtimeNs, ctimeNs, inode, device, deviceNumber } = entry
  const numbers = `"size":${size},"mode":${mode},"uid":${uid},"gid":${gid},"links":${links}`
  const large = `"mtimeNs":"${mtimeNs}","ctimeNs":"${ctimeNs}","inode":"${inode}"`
  const on = device === undefined ? '' : `,"device":"${device}"`
  const of = deviceNumber === 0 ? '' : `,"deviceNumber":${deviceNumber}`
  return `"${name}":{"kind":"${kind}",${numbers},${large}${on}${of}}`
}

// What JSON lets through, and a terminal that the lines are shown on may act on.
const unshowable = /[\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g

function shownSafely(json: string): string {
  return json.replace(unshowable, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
