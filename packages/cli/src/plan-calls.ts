/** What plan and apply call of the library, and the file between them. */
import { closeSync, createReadStream, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { resolve } from 'node:path'
import { type HeldPlan, SyncError, type SyncOptions } from '@facsimile/core'
import type { Ended } from './ended.js'
import type { Folders, Request } from './parse.js'
import { requirePlanPlace } from './plan-place.js'
import { reasonOf } from './reason-of.js'
import type { Core } from './run-once.js'
import { UsageError } from './usage-error.js'

interface PlanCalls {
  /** Those of the plan, where it names them. */
  readonly folders: Folders | undefined
  readonly call: (options: SyncOptions) => Promise<Ended>
}

type PlanRequest = Extract<Request, { readonly kind: 'run' | 'apply' }>

/** Reads the plan, where there is one to be applied. */
export async function planCalls(request: PlanRequest, core: Core): Promise<PlanCalls> {
  if (request.kind === 'run') {
    const { out = '' } = request.given
    // Before the working directory can be another one.
    const file = resolve(out)
    requirePlanPlace(file, resolve(request.folders.source))
    return { folders: undefined, call: async options => await makePlan(core, options, file) }
  }
  const held = await readPlanFile(core, request.file)
  const { source, replica } = held
  return {
    folders: { source: source.path, replica: replica.path },
    call: async ({ source: _source, replica: _replica, ...options }) => {
      const report = await core.applyPlan(held, options)
      return { exitCode: report.exitCode, report, failures: [] }
    },
  }
}

async function makePlan(core: Core, options: SyncOptions, file: string): Promise<Ended> {
  const { plan, report, lines } = await core.holdPlan(options)
  const { exitCode } = report
  const failures = plan.refusals.map(({ code, exitCode: own, message }) => ({ code, exitCode: own, message }))
  // What is refused by then would be refused again.
  if (failures.length === 0) writePlan(file, lines)
  return { exitCode, report, failures }
}

const bytesAtOnce = 1 << 20

/** Under another name first, so that a plan is whole or not there. */
function writePlan(file: string, lines: Iterable<string>): void {
  const staged = `${file}.${process.pid}.new`
  try {
    // A plan tells names of both folders: who may not see them may not see it.
    const fd = openSync(staged, 'wx', 0o600)
    try {
      let text = ''
      for (const line of lines) {
        text += line
        if (text.length < bytesAtOnce) continue
        writeAll(fd, text)
        text = ''
      }
      writeAll(fd, text)
    } finally {
      closeSync(fd)
    }
    renameSync(staged, file)
  } catch (error) {
    rmSync(staged, { force: true })
    throw new UsageError(`the plan cannot be written to ${file}: ${reasonOf(error)}`)
  }
}

function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at)
}

async function readPlanFile(core: Core, file: string): Promise<HeldPlan> {
  try {
    return await core.readPlan(createReadStream(file, { highWaterMark: bytesAtOnce }))
  } catch (error) {
    if (error instanceof SyncError) throw new UsageError(`${file}: ${error.message}`)
    const isGone = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    throw new UsageError(`the plan ${file} cannot be read: ${isGone ? 'it does not exist' : reasonOf(error)}`)
  }
}
