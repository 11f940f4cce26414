/** The command in an environment, and with a source, that somebody has prepared. */
import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { isRoot } from '../../../../test/support/entry-kind.js'
import { runProcess } from '../../../../test/support/run.js'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { directory, file } from '../../../../test/support/tree-literal.js'
import { writeTree } from '../../../../test/support/write-tree.js'

const main = fileURLToPath(new URL('../../bundle/main.js', import.meta.url))
const temporary = useTemporaryDirectory()
const at = (...names: string[]): string => path.join(temporary.path, ...names)
const isLinux = process.platform === 'linux'

it.runIf(isLinux)(
  'X14: programs that lie in the working directory, or first in PATH, are not started',
  async () => {
    writeTree(temporary.path, { source: { a: 'newer' }, replica: { a: 'old' } })
    const programs = [
      'flock',
      'sync',
      'getfattr',
      'setfattr',
      'getfacl',
      'mount',
      'findmnt',
      'stat',
      'cp',
      'sh',
      'node',
    ]
    for (const name of programs) {
      fs.writeFileSync(at(name), `#!/bin/sh\necho ${name} >> "${at('started')}"\n`, { mode: 0o755 })
    }
    const env = {
      PATH: '.',
      LD_LIBRARY_PATH: '.',
      LC_ALL: 'tr_TR.UTF-8',
      LANGUAGE: 'tr',
      XDG_STATE_HOME: at('state'),
    }
    for (const native of ['0', '1']) {
      fs.writeFileSync(at('source', 'a'), `newest ${native}`)
      const options = { cwd: temporary.path, env: { ...env, FACSIMILE_NATIVE: native } }
      const { code } = await runProcess(process.execPath, [main, 'source', 'replica'], options)
      expect(code).toBe(0)
      expect(fs.readFileSync(at('replica', 'a'), 'utf8')).toBe(`newest ${native}`)
    }
    expect(fs.existsSync(at('started'))).toBe(false)
  },
)

it.runIf(isLinux)(
  'X12: a source of many empty files of the longest names, full of control characters, and of great depth, in 64 MB',
  async () => {
    fs.mkdirSync(at('source'))
    const bad = '\u001b'.repeat(250)
    for (let index = 0; index < 800; index++) fs.writeFileSync(at('source', `${bad}${index}`), '')
    // Each beneath the last, for the path becomes longer than the system takes.
    const hundred = Array.from({ length: 100 }, () => 'd').join('/')
    const script = `cd source; for i in $(seq 6); do mkdir -p ${hundred}; cd ${hundred}; done; : > end`
    expect((await runProcess('sh', ['-c', script], { cwd: temporary.path })).code).toBe(0)
    const env = { NODE_OPTIONS: '--max-old-space-size=64', XDG_STATE_HOME: at('state') }
    const args = [main, 'source', 'replica', '--verbose', '--log', 'log']
    const options = { cwd: temporary.path, env }
    const { code, stdout, stderr } = await runProcess(process.execPath, args, options)
    expect(code).toBe(0)
    expect(fs.readdirSync(at('replica'))).toHaveLength(801)
    for (const text of [stdout, stderr, fs.readFileSync(at('log'), 'latin1')])
      expect(text.includes('\u001b')).toBe(false)
    const again = await runProcess(
      process.execPath,
      [...args, '--json'].filter(arg => arg !== '--verbose'),
      options,
    )
    expect(again.code).toBe(0)
    expect(again.stdout).toContain('"changes":0')
  },
)

const isAble =
  isRoot &&
  isLinux &&
  process.env['FACSIMILE_NATIVE'] !== '0' &&
  spawnSync('setpriv', ['--version']).status === 0

it.runIf(isAble)(
  'X09: root with the capabilities that SECURITY.md names, and no more, mirrors what others own (needs root, setpriv)',
  async () => {
    const theirs = { uid: 1234, gid: 1234 }
    const secret = directory({ p: file('p', { mode: 0o600, ...theirs }) }, { mode: 0o700, ...theirs })
    writeTree(at('source'), { a: file('a', { mode: 0o6755, ...theirs }), secret })
    const unit = fs.readFileSync(new URL('../../../../SECURITY.md', import.meta.url), 'utf8')
    const named = /^CapabilityBoundingSet=(.*)$/m.exec(unit)?.[1]?.split(' ') ?? []
    const set = ['-all', ...named.map(name => `+${name.replace('CAP_', '').toLowerCase()}`)].join(',')
    const few = [`--bounding-set=${set}`, '--inh-caps=-all', '--no-new-privs']
    const flags = /^ExecStart=\S+ (.*) \S+ \S+$/m.exec(unit)?.[1]?.split(' ') ?? []
    const args = [...few, process.execPath, main, ...flags, 'source', 'replica', '--json']
    const options = { cwd: temporary.path, env: { XDG_STATE_HOME: at('state') } }
    expect((await runProcess('setpriv', args, options)).code).toBe(0)
    expect(fs.statSync(at('replica', 'a'))).toMatchObject({ ...theirs, mode: 0o100755 })
    expect(fs.statSync(at('replica', 'secret', 'p'))).toMatchObject({ ...theirs, mode: 0o100600 })
    const again = await runProcess('setpriv', args, options)
    expect([again.code, again.stdout.includes('"changes":0')]).toEqual([0, true])
  },
)
