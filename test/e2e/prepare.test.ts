import { spawn, spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkNodeVersion, prepare, SetupError } from '../../.ci/prepare.mjs'

const repository = path.resolve(import.meta.dirname, '../..')
const source = 'packages/core/src/index.ts'
const built = 'packages/core/dist/index.js'

let root: string
/** What was run, in order. */
let ran: string[]

beforeEach(() => {
  root = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'facsimile-prepare-'))
  ran = []
  write('package.json', '{ "private": true, "type": "module" }')
  write('pnpm-lock.yaml', 'lockfileVersion: 1')
  write('packages/core/package.json', '{ "type": "module" }')
  write(
    'packages/core/tsconfig.json',
    JSON.stringify({
      compilerOptions: {
        composite: true,
        target: 'es2023',
        lib: ['es5'],
        skipLibCheck: true,
        types: [],
        rootDir: 'src',
        outDir: 'dist',
        tsBuildInfoFile: 'dist/.tsbuildinfo',
      },
      include: ['src'],
    }),
  )
  write(source, 'export const answer: number = 1\n')
})

afterEach(() => {
  fs.rmSync(root, { recursive: true, force: true })
})

describe('prepare', () => {
  it('installs and builds once', async () => {
    expect(await prepared()).toEqual({ installed: true, built: true })
    expect(read(built)).toContain('answer = 1')
    expect(await prepared()).toEqual({ installed: false, built: false })
    expect(ran).toEqual(['install', 'build --force'])
  })

  it('rebuilds an edited source', async () => {
    await prepared()
    write(source, 'export const answer: number = 2\n')
    expect(await prepared()).toEqual({ installed: false, built: true })
    expect(read(built)).toContain('answer = 2')
    expect(ran).toEqual(['install', 'build --force', 'build'])
  })

  it('costs less than half a second and runs nothing where nothing changed', async () => {
    for (let file = 0; file < 300; file++) {
      write(`packages/core/src/part/${file}.ts`, `export const part: number = ${file}\n`)
    }
    await prepared()
    ran = []
    const begun = performance.now()
    expect(await prepared()).toEqual({ installed: false, built: false })
    expect(performance.now() - begun).toBeLessThan(500)
    expect(ran).toEqual([])
  })

  it('rebuilds what was deleted: one file, or all', async () => {
    await prepared()
    fs.rmSync(path.join(root, built))
    await prepared()
    expect(read(built)).toContain('answer = 1')
    fs.rmSync(path.join(root, 'packages/core/dist'), { recursive: true })
    await prepared()
    expect(read(built)).toContain('answer = 1')
    expect(ran).toEqual(['install', 'build --force', 'build --force', 'build --force'])
  })

  it('removes what was built from a source that is gone', async () => {
    write('packages/core/src/old/name.ts', 'export const name: string = ""\n')
    await prepared()
    expect(exists('packages/core/dist/old/name.js')).toBe(true)
    fs.rmSync(path.join(root, 'packages/core/src/old'), { recursive: true })
    await prepared()
    expect(exists('packages/core/dist/old/name.js')).toBe(false)
    expect(exists('packages/core/dist/old/name.d.ts')).toBe(false)
    expect(exists(built)).toBe(true)
  })

  it('installs again when the lock file changed', async () => {
    await prepared()
    write('pnpm-lock.yaml', 'lockfileVersion: 2')
    expect(await prepared()).toEqual({ installed: true, built: true })
  })

  it('starts over when node_modules was deleted', async () => {
    await prepared()
    fs.rmSync(path.join(root, 'node_modules'), { recursive: true })
    expect(await prepared()).toEqual({ installed: true, built: true })
  })

  it('does a step again that was cut off', async () => {
    await expect(prepared('install')).rejects.toThrow('cut off')
    await expect(prepared('build')).rejects.toThrow('cut off')
    ran = []
    // The install ended well the second time; the build is done whole, as nothing the compiler noted is to be trusted.
    expect(await prepared()).toEqual({ installed: false, built: true })
    expect(ran).toEqual(['build --force'])
    expect(read(built)).toContain('answer = 1')
  })

  it('says that a build failed, and builds once the source is mended', async () => {
    write(source, 'export const answer: number = "one"\n')
    await expect(prepared()).rejects.toThrow(new SetupError('The build failed; see above.'))
    await expect(prepared()).rejects.toThrow(SetupError)
    write(source, 'export const answer: number = 1\n')
    expect(await prepared()).toEqual({ installed: false, built: true })
    expect(read(built)).toContain('answer = 1')
  })

  it('does the work once for two that start together', async () => {
    const both = await Promise.all([prepared(), prepared()])
    expect(both).toContainEqual({ installed: true, built: true })
    expect(both).toContainEqual({ installed: false, built: false })
    expect(ran).toEqual(['install', 'build --force'])
  })

  it('is not held up by a lock whose holder is dead', async () => {
    const dead = spawnSync(process.execPath, ['--eval', ''])
    write('.ci/.lock', String(dead.pid))
    expect(await prepared()).toEqual({ installed: true, built: true })
    expect(fs.readdirSync(path.join(root, '.ci'))).toEqual([])
  })
})

describe('checkNodeVersion', () => {
  it('says in one sentence that Node is too old', () => {
    for (const version of ['18.20.4', '20.18.3']) {
      expect(() => checkNodeVersion(version)).toThrow(
        new SetupError(`facsimile needs Node 20.19 or newer, and this is Node ${version}.`),
      )
    }
  })

  it('is content with a new one', () => {
    for (const version of ['20.19.0', '22.0.0', '24.1.0']) {
      expect(() => checkNodeVersion(version)).not.toThrow()
    }
  })
})

function prepared(cutOff?: string) {
  return prepare({ root, log: () => {}, execute: execute(cutOff) })
}

/** Installs by a link to the compiler of the work tree, and builds for real; may stop before one of the two. */
function execute(cutOff?: string) {
  return async (command: string, args: readonly string[]): Promise<number> => {
    const step = command === 'npx' ? 'install' : 'build'
    if (step === cutOff) throw new Error('cut off')
    ran.push(args.includes('--force') ? `${step} --force` : step)
    if (step === 'install') return linkCompiler()
    return new Promise(resolve => {
      const child = spawn(command, [...args], { cwd: root, stdio: 'ignore' })
      child.on('close', code => resolve(code ?? 1))
    })
  }
}

function linkCompiler(): number {
  const link = path.join(root, 'node_modules/typescript')
  if (fs.existsSync(link)) return 0
  fs.mkdirSync(path.dirname(link), { recursive: true })
  fs.symlinkSync(fs.realpathSync(path.join(repository, 'node_modules/typescript')), link, 'junction')
  return 0
}

function write(file: string, text: string): void {
  const at = path.join(root, file)
  fs.mkdirSync(path.dirname(at), { recursive: true })
  fs.writeFileSync(at, text)
}

function read(file: string): string {
  return fs.readFileSync(path.join(root, file), 'utf8')
}

function exists(file: string): boolean {
  return fs.existsSync(path.join(root, file))
}
