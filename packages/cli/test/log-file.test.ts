import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fifo } from '../../../test/support/tree-literal.js'
import { writeTree } from '../../../test/support/write-tree.js'
import { LogFile } from '../src/log-file.js'

let folder: string
const at = (...names: string[]): string => path.join(folder, ...names)

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'facsimile-log-'))
  fs.mkdirSync(at('replica'))
})
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }))

const open = (name: string): LogFile => new LogFile(at(name), at('replica'))

describe('a log', () => {
  it('is made, and appended to', () => {
    const log = open('log')
    log.write('one\n')
    log.close()
    const again = open('log')
    again.write('two\n')
    again.close()
    expect(fs.readFileSync(at('log'), 'utf8')).toBe('one\ntwo\n')
  })

  it.skipIf(process.platform === 'win32')('is for its owner only', () => {
    open('log').close()
    expect(fs.statSync(at('log')).mode & 0o7777).toBe(0o600)
  })

  it('is opened at once and written when it is flushed or much is gathered', () => {
    const log = open('log')
    expect(fs.existsSync(at('log'))).toBe(true)
    log.write('one\n')
    expect(fs.statSync(at('log')).size).toBe(0)
    log.flush()
    expect(fs.statSync(at('log')).size).toBe(4)
    log.write('x'.repeat(64 * 1024))
    expect(fs.statSync(at('log')).size).toBe(4 + 64 * 1024)
    log.close()
  })

  it('has an absolute path', () => {
    const log = new LogFile(path.relative(process.cwd(), at('log')), at('replica'))
    log.close()
    expect(log.path).toBe(at('log'))
  })
})

describe('is refused', () => {
  it('in a folder that does not exist', () => {
    expect(() => open('none/log')).toThrow(
      `the log ${at('none/log')} cannot be opened: its folder does not exist`,
    )
  })

  it('R13: as a folder', () => {
    fs.mkdirSync(at('folder'))
    expect(() => open('folder')).toThrow('it is a folder (EISDIR)')
  })

  it('without a name', () => {
    expect(() => new LogFile('', at('replica'))).toThrow('--log takes a FILE')
  })

  it.skipIf(process.platform === 'win32')('R13: as a link, and what it names stays as it is', () => {
    fs.writeFileSync(at('precious'), 'x')
    fs.symlinkSync('precious', at('log'))
    expect(() => open('log')).toThrow('it is a symbolic link, which is not followed')
    fs.symlinkSync('missing', at('dangling'))
    expect(() => open('dangling')).toThrow('it is a symbolic link, which is not followed')
    expect(fs.existsSync(at('missing'))).toBe(false)
  })

  it.skipIf(process.platform === 'win32')('R13: as a FIFO, without waiting for its reader', () => {
    writeTree(folder, { fifo: fifo() })
    expect(() => open('fifo')).toThrow('it is a FIFO or a socket')
    const reader = fs.openSync(at('fifo'), fs.constants.O_RDONLY | fs.constants.O_NONBLOCK)
    expect(() => open('fifo')).toThrow('is not a regular file')
    fs.closeSync(reader)
  })

  it.skipIf(process.platform === 'win32')('as a device', () => {
    expect(() => new LogFile('/dev/null', at('replica'))).toThrow('is not a regular file')
  })
})

describe('R12: a log in the replica', () => {
  const refusal = { code: 'root-refused', exitCode: 26 }

  /** Expects a log to be refused, and nothing to be made of it, now or later. */
  function expectRefused(name: string, replica: string): void {
    const before = fs.readdirSync(folder, { recursive: true })
    const log = new LogFile(at(name), replica)
    log.write('one\n')
    expect(() => log.requirePlace()).toThrow(expect.objectContaining(refusal))
    log.close()
    expect(fs.readdirSync(folder, { recursive: true })).toEqual(before)
  }

  it.each(['replica', 'replica/log', 'replica/logs/log', 'replica/logs/../log'])('is refused as %s', name => {
    fs.mkdirSync(at('replica', 'logs'))
    expectRefused(name, at('replica'))
  })

  it.each(['new', 'new/log', 'new/logs/log'])('is refused as %s while the replica is not there yet', name => {
    expectRefused(name, at('new'))
    expectRefused(name, path.relative(process.cwd(), `${at('new')}/`))
  })

  it('is seen through links, on either side', () => {
    fs.symlinkSync('replica', at('alias'), 'dir')
    expectRefused('alias/log', at('replica'))
    expectRefused('replica/log', at('alias'))
    expectRefused('alias/new', at('replica/new'))
    expectRefused('replica/new/log', at('alias/new'))
  })

  it('is not one that only begins like it, or lies beside it', () => {
    fs.mkdirSync(at('replica2'))
    for (const [name, replica] of [
      ['replica2/log', 'replica'],
      ['new2', 'new'],
      ['..log', 'new'],
      ['log', 'new/deep'],
    ] as const) {
      const log = new LogFile(at(name), at(replica))
      expect(() => log.requirePlace()).not.toThrow()
      log.close()
      expect(fs.existsSync(at(name))).toBe(true)
    }
  })
})

it.skipIf(!fs.existsSync('/dev/full'))('says once why lines were lost, and does not throw', () => {
  const log = open('log')
  // The only way to a full file system without one: the descriptor is that of a device that is always full.
  Object.assign(log, { descriptor: fs.openSync('/dev/full', 'w') })
  log.write('one\n')
  log.flush()
  log.write('two\n')
  log.flush()
  expect(log.takeFailure()).toBe('no space left (ENOSPC)')
  expect(log.takeFailure()).toBeUndefined()
  log.close()
})
