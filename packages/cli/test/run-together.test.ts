import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { expectEqualTrees } from '../../../test/support/compare-trees.js'
import { useTemporaryDirectory } from '../../../test/support/temp.js'
import { writeTree } from '../../../test/support/write-tree.js'
import { run } from '../src/cli.js'
import { fakeIo } from './support/fake-io.js'
import { schemaErrors } from './support/schema.js'

const temporary = useTemporaryDirectory()
const at = (name: string): string => join(temporary.path, name)

interface Said {
  readonly code: number
  readonly out: readonly string[]
  readonly err: readonly string[]
}

function lines(text: string): string[] {
  return text.replaceAll(`${temporary.path}/`, '').split('\n').slice(0, -1)
}

async function call(...args: string[]): Promise<Said> {
  const io = fakeIo({ env: { XDG_STATE_HOME: at('state') } })
  const code = await run(['-s', at('source'), ...args], io)
  return { code, out: lines(io.stdout.text), err: lines(io.stderr.text) }
}

beforeEach(() => writeTree(at('source'), { a: 'a' }))

it('mirrors one source into several replicas, and says which each line is about', async () => {
  const { code, out, err } = await call('-d', at('one'), '-d', at('two'), '-l', at('log'))
  expect([code, err]).toEqual([0, []])
  for (const replica of ['one', 'two']) {
    expectEqualTrees(at('source'), at(replica))
    const own = out.filter(line => line.startsWith(`[${replica}] `))
    expect(own[1]).toBe(`[${replica}] create    a`)
    expect(own.at(-1)).toMatch(/The replica equals the source/)
    expect(readFileSync(at('log'), 'utf8')).toMatch(new RegExp(` create    \\[.*${replica}\\] a\\n`))
  }
  expect(out.filter(line => !/^\[(one|two)\] /.test(line))).toEqual([])
})

it('ends with the most severe of all, and says what went wrong where', async () => {
  writeFileSync(at('two'), 'a file')
  const { code, out, err } = await call('-d', at('one'), '-d', at('two'))
  expect(code).toBe(26)
  expect(err).toEqual(['facsimile: [two] replica "two" is not a folder'])
  expect(out.filter(line => line.startsWith('[two]'))).toEqual([])
  expectEqualTrees(at('source'), at('one'))
})

it('says once what is wrong with all of them', async () => {
  const { code, err } = await call('-d', at('one'), '-d', at('two'), '--no-delete', '--delete-excluded')
  expect([code, err.length]).toEqual([2, 1])
})

it('compares several, and ends with 28 where one differs', async () => {
  await call('-d', at('one'), '-d', at('two'))
  writeFileSync(at('two/a'), 'another')
  const io = fakeIo({ env: {} })
  expect(await run(['check', '-s', at('source'), '-d', at('one'), '-d', at('two')], io)).toBe(28)
  expect(io.stdout.text).toContain(`[${at('two')}] update    a`)
})

it('writes JSON lines that are as the schema says', async () => {
  const io = fakeIo({ env: {} })
  await run(['-s', at('source'), '-d', at('one'), '-d', at('two'), '--json'], io)
  expect(schemaErrors(io.stdout.text)).toEqual([])
  const lines = io.stdout.text
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as Record<string, unknown>)
  expect(lines.filter(({ type }) => type === 'end').map(({ replica }) => replica)).toEqual([
    at('one'),
    at('two'),
  ])
  expect(lines.filter(({ replica }) => replica === undefined)).toEqual([])
})

it('refuses a log in any of them', async () => {
  const { code, err } = await call('-d', at('one'), '-d', at('two'), '-l', at('two/log'))
  expect([code, err.length > 0]).toEqual([26, true])
})
