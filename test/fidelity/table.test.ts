/** Each cell of the README's table, seen: the tool is run on a source, and the replica is looked at. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isRoot } from '../support/entry-kind.js'
import { hasAttributes } from '../support/extended-attributes.js'
import { canMake, fileSystems } from '../support/file-systems.js'
import { mountFileSystem } from '../support/mounted.js'
import { runProcess } from '../support/run.js'
import { temporaryDirectory } from '../support/temp.js'
import { writeTree } from '../support/write-tree.js'
import type { Row } from './row.js'
import { cell, markdownTable, notYet, rows } from './table.js'
import { isInstalled, type Tool, tools } from './tools.js'

/** Without root there are no owners, and with plain Node there is less. */
const canJudge =
  process.platform === 'linux' && isRoot && hasAttributes && process.env['FACSIMILE_NATIVE'] !== '0'

function isProvable(row: Row, tool: Tool): boolean {
  if (tool.name === 'facsimile' && notYet.includes(row.what)) return false
  const { on } = row
  return on === undefined || fileSystems.some(each => each.name === on.fileSystem && canMake(each))
}

async function isKept(row: Row, tool: Tool): Promise<boolean> {
  using temporary = temporaryDirectory()
  const fileSystem = fileSystems.find(({ name }) => name === row.on?.fileSystem)
  using mounted = fileSystem === undefined ? undefined : mountFileSystem(fileSystem)
  const beside = mounted?.path ?? temporary.path
  const source = join(row.on?.replicaOnly === true ? temporary.path : beside, 'source')
  const replica = join(beside, 'replica')
  writeTree(source, row.source)
  row.prepare?.(source)
  const [program, ...args] = tool.command(source, replica)
  const result = await runProcess(program, args, { timeoutMs: 30_000, env: { HOME: temporary.path } })
  if (!existsSync(replica)) return false
  try {
    return row.isKept({ source, replica, result })
  } catch (error) {
    throw new Error(`${tool.name} ended with ${result.code}: ${result.stderr.slice(0, 1000)}`, {
      cause: error,
    })
  }
}

describe.each(tools)('$name', tool => {
  const isHere = canJudge && isInstalled(tool)

  it.runIf(isHere)('is here, to be looked at', () => {
    expect(isInstalled(tool)).toBe(true)
  })

  const provable = isHere ? rows.filter(row => isProvable(row, tool)) : []
  it.each(provable.map(row => [row.what, row] as const))('keeps or does not: %s', async (_, row) => {
    expect((await isKept(row, tool)) ? 'yes' : 'no').toBe(cell(row, tool))
  })
})

it('the README has the same table', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  const lines = readme.slice(readme.indexOf('### Compared with others')).split('\n')
  const first = lines.findIndex(line => line.startsWith('|'))
  const length = lines.slice(first).findIndex(line => !line.startsWith('|'))
  const [head, , ...body] = lines.slice(first, first + length).map(line =>
    line
      .split('|')
      .slice(1, -1)
      .map(text => text.trim()),
  )
  expect([head, ...body]).toEqual(markdownTable())
})

it('what is not kept yet is a row of the table', () => {
  expect(notYet.filter(what => !rows.some(row => row.what === what))).toEqual([])
})
