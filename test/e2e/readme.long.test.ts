/**
 * The two commands of the README, as they stand there, on fresh clones and in either order: what is committed or about to
 * be, without anything that was installed or built.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { expectEqualTrees } from '../support/compare-trees.js'
import { type RunResult, runProcess } from '../support/run.js'
import { useTemporaryDirectory } from '../support/temp.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const temporary = useTemporaryDirectory()
const quarterOfAnHour = 900_000
const setsUp = /facsimile: (?:installing|building)/

const [start = [], test = []] = commandsOf(readFileSync(join(root, 'README.md'), 'utf8'))

it('tests, and then mirrors', { timeout: 2 * quarterOfAnHour }, async () => {
  const clone = await makeClone()
  const tested = await run(test, clone)
  expect(tested.stderr).toMatch(setsUp)
  const mirrored = await mirror(clone)
  expect(mirrored.stderr).not.toMatch(setsUp)
})

it('mirrors, and then tests', { timeout: quarterOfAnHour }, async () => {
  const clone = await makeClone()
  const mirrored = await mirror(clone)
  expect(mirrored.stderr).toMatch(setsUp)
  // One test file stands for all: the other order runs them.
  const tested = await run([...test, '--', 'test/e2e/prepare.test.ts'], clone)
  expect(tested.stderr).not.toMatch(setsUp)
})

/** The lines of the README that are commands of npm, in words. */
function commandsOf(readme: string): readonly (readonly string[])[] {
  const lines = [...readme.matchAll(/^npm (?:start|test)\b.*$/gm)].map(([line]) => line.split(' '))
  expect(lines.map(words => words[1])).toEqual(['start', 'test'])
  return lines
}

async function makeClone(): Promise<string> {
  // The owner of the work tree does not matter.
  const git = ['-c', 'safe.directory=*', 'ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const { code, stdout } = await runProcess('git', git, { cwd: root })
  expect(code).toBe(0)
  const clone = join(temporary.path, 'clone')
  for (const file of stdout.split('\0').filter(name => name !== '' && existsSync(join(root, name)))) {
    mkdirSync(join(clone, dirname(file)), { recursive: true })
    copyFileSync(join(root, file), join(clone, file))
  }
  return clone
}

/** From where a user stands, with relative paths. */
async function mirror(clone: string): Promise<RunResult> {
  const stands = join(clone, 'somewhere')
  mkdirSync(join(stands, 'source', 'inner'), { recursive: true })
  writeFileSync(join(stands, 'source', 'inner', 'file'), 'content\n')
  const folders: Readonly<Record<string, string>> = { SOURCE: 'source', REPLICA: 'replica' }
  const mirrored = await run(
    start.map(word => folders[word] ?? word),
    stands,
  )
  expectEqualTrees(join(stands, 'source'), join(stands, 'replica'))
  return mirrored
}

/** Runs a command, and throws with the end of what it said unless it ended with 0. */
async function run([program = '', ...args]: readonly string[], cwd: string): Promise<RunResult> {
  const result = await runProcess(program, args, { cwd, env: ownEnvironment(), timeoutMs: quarterOfAnHour })
  if (result.code === 0) return result
  throw new Error(`${program} ended with ${result.code}: ${(result.stdout + result.stderr).slice(-5000)}`)
}

/** A user's shell knows nothing of the npm and the vitest that run this test. */
function ownEnvironment(): Readonly<Record<string, undefined>> {
  const foreign = Object.keys(process.env).filter(name =>
    /^(?:npm_(?!config_)|VITEST|INIT_CWD$|NODE_ENV$|TEST$|DEV$|PROD$|MODE$|SSR$|BASE_URL$)/.test(name),
  )
  return Object.fromEntries(foreign.map(name => [name, undefined]))
}
