/** plan, apply and explain as processes, on real folders. */
import * as fs from 'node:fs'
import * as path from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { beforeEach, describe, expect, it } from 'vitest'
import { readTree } from '../../../../test/support/read-tree.js'
import { run } from '../../../../test/support/mounts.js'
import { runProcess, type RunResult } from '../../../../test/support/run.js'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { writeTree } from '../../../../test/support/write-tree.js'
import { schemaErrors } from '../support/schema.js'

const main = fileURLToPath(new URL('../../bundle/main.js', import.meta.url))
const schema = new URL('../../schema/plan-v1.schema.json', import.meta.url)
const temporary = useTemporaryDirectory()
const at = (...names: string[]): string => path.join(temporary.path, ...names)

function facsimile(...args: string[]): Promise<RunResult> {
  return runProcess(process.execPath, [main, ...args], {
    cwd: temporary.path,
    env: { XDG_STATE_HOME: at('state') },
  })
}

const changes = (text: string): readonly string[] =>
  text.split('\n').filter(line => /^(create|update|metadata|replace|rename|link|delete) /.test(line))

beforeEach(async () => {
  writeTree(at('source'), { 'a.txt': 'a', old: { x: 'x', y: 'yy' }, gone: 'gone' })
  await facsimile('source', 'replica')
  fs.appendFileSync(at('source/a.txt'), 'more')
  fs.renameSync(at('source/old'), at('source/new'))
  fs.rmSync(at('source/gone'))
  fs.writeFileSync(Buffer.concat([Buffer.from(at('source/')), Buffer.from([0x7a, 0xff])]), 'z')
})

describe('a plan', () => {
  it('is written as its schema says, and shown as a dry run is', async () => {
    const dry = await facsimile('source', 'replica', '--dry-run')
    const before = readTree(at('replica'))
    const made = await facsimile('plan', 'source', 'replica', '--out', 'plan.json', '--exclude', '*.tmp')
    expect([made.code, made.stderr]).toEqual([0, ''])
    expect(changes(made.stdout)).toEqual(changes(dry.stdout))
    expect(made.stdout).toContain('The replica does not equal the source yet; apply does what is planned.')
    expect(readTree(at('replica'))).toEqual(before)
    const text = fs.readFileSync(at('plan.json'), 'utf8')
    const validate = new Ajv2020({ allErrors: true }).compile(JSON.parse(fs.readFileSync(schema, 'utf8')))
    const plan = JSON.parse(text)
    validate(plan)
    expect(validate.errors).toBeNull()
    expect(plan.options).toEqual({ exclude: ['*.tmp'] })
    expect(text.split('\n')).toHaveLength(plan.totals.changes + 3)
    expect(fs.statSync(at('plan.json')).mode & 0o777).toBe(0o600)
  })

  it('is applied line by line as it was shown', async () => {
    const made = await facsimile('plan', 'source', 'replica', '-o', 'plan.json')
    const applied = await facsimile('apply', 'plan.json')
    expect([applied.code, applied.stderr]).toEqual([0, ''])
    expect(changes(applied.stdout).toSorted()).toEqual(changes(made.stdout).toSorted())
    expect(applied.stdout).toMatch(/The replica equals the source[.,]/)
    expect(readTree(at('replica'))).toEqual(readTree(at('source')))
  })

  it('leaves what changed since, and says so', async () => {
    await facsimile('plan', 'source', 'replica', '-o', 'plan.json')
    fs.appendFileSync(at('source/a.txt'), 'and more')
    const applied = await facsimile('apply', 'plan.json')
    expect(applied.code).toBe(24)
    expect(applied.stderr).toBe(
      'facsimile: "a.txt" was left as it is: it is no longer what it was when the plan was made\n',
    )
    expect(changes(applied.stdout)).toContain('update    a.txt  (withheld: not as planned)')
    expect(applied.stdout).toContain('What was not as planned is as it was; make a new plan for it.')
    expect(fs.readFileSync(at('replica/a.txt'), 'utf8')).toBe('a')
    expect(fs.existsSync(at('replica/new/x'))).toBe(true)
  })

  it('is told as JSON, as the schema of events says', async () => {
    const made = await facsimile('plan', 'source', 'replica', '-o', 'plan.json', '--json')
    fs.appendFileSync(at('source/a.txt'), 'and more')
    const applied = await facsimile('apply', 'plan.json', '--json')
    expect(schemaErrors(made.stdout)).toEqual([])
    expect(schemaErrors(applied.stdout)).toEqual([])
    expect(applied.stdout).toContain('"code":"drifted"')
  })

  it('that the guards refuse is not written', async () => {
    const made = await facsimile('plan', 'source', 'replica', '-o', 'plan.json', '--max-delete', '0')
    expect(made.code).toBe(25)
    expect(made.stderr).toContain('--max-delete')
    expect(fs.existsSync(at('plan.json'))).toBe(false)
  })

  it.each([
    [['plan', 'source', 'replica', '-o', 'replica/p.json'], 26, 'lies inside the replica'],
    [['plan', 'source', 'replica', '-o', 'source'], 2, 'it is a folder (EISDIR)'],
    [['plan', 'source', 'replica', '-o', 'source/p.json'], 2, 'it would lie in the source'],
    [['apply', 'none.json'], 2, 'the plan none.json cannot be read: it does not exist'],
    [['apply', 'source'], 2, 'the plan source cannot be read: it is a folder (EISDIR)'],
    [['apply', 'source/a.txt'], 2, 'source/a.txt: this is no plan that can be applied: line 1: expected'],
  ])('is refused: %j', async (args, code, message) => {
    const { code: found, stderr } = await facsimile(...args)
    expect([found, stderr.split('\n')]).toEqual([code, [expect.stringContaining(message), '']])
  })
})

it.runIf(process.platform === 'linux')('a plan takes the place of no device and no link', async () => {
  run('mkfifo', [at('fifo')])
  fs.symlinkSync('replica/p.json', at('link'))
  for (const [name, what] of [
    ['fifo', 'no regular file'],
    ['link', 'a symbolic link'],
  ] as const) {
    const { code, stderr } = await facsimile('plan', 'source', 'replica', '-o', name)
    expect([code, stderr]).toEqual([2, expect.stringContaining(`it is ${what}, and would be replaced`)])
    expect(fs.lstatSync(at(name)).isFile()).toBe(false)
  }
  fs.writeFileSync(at('p.json'), 'an older one')
  expect((await facsimile('plan', 'source', 'replica', '-o', 'p.json')).code).toBe(0)
  expect((await facsimile('apply', 'p.json')).code).toBe(0)
})

describe('an explanation', () => {
  it.each([
    [['a.txt'], /^a\.txt: updated: size 1 -> 5, mtime \+[\d.]+ (?:\w|\u00b5)+ \(/],
    [['gone'], /^gone: deleted: not in the source\n$/],
    [['old/x'], /^old\/x: renamed to new\/x, as in the source\n$/],
    [
      ['a.txt', '--exclude', 'a*'],
      /^a\.txt: excluded by --exclude a\*; what the replica has there is kept\n$/,
    ],
    [['none'], /^none: neither in the source nor in the replica\n$/],
  ])('of %j', async (args, message) => {
    const { code, stdout, stderr } = await facsimile('explain', 'source', 'replica', ...args)
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(message)
  })

  it('needs a path that lies in the folders', async () => {
    const { code, stderr } = await facsimile('explain', 'source', 'replica', '../x')
    expect([code, stderr]).toEqual([2, expect.stringContaining('without ".."; found "../x"')])
    const missing = await facsimile('explain', 'none', 'replica', 'x')
    expect([missing.code, missing.stderr]).toEqual([26, expect.stringContaining('does not exist')])
  })
})
