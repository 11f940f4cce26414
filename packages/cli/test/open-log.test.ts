import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openLog } from '../src/open-log.js'
import { UsageError } from '../src/usage-error.js'

let folder: string
const at = (...names: string[]): string => path.join(folder, ...names)
const isRoot = process.geteuid?.() === 0
const isLinux = process.platform === 'linux'

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'facsimile-log-'))
  fs.mkdirSync(at('real', 'deep'), { recursive: true })
})
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }))

function opened(file: string, euid?: number): string {
  try {
    fs.closeSync(openLog(file, euid))
    return 'opened'
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    return error.message
  }
}

describe.skipIf(process.platform === 'win32')('R13: the log', () => {
  it('is found behind links of ours, absolute or not, and made there', () => {
    fs.symlinkSync(at('real'), at('absolute'))
    fs.symlinkSync('../real/deep/..', at('real', 'around'))
    for (const name of ['absolute', 'real/around']) {
      expect(opened(at(name, 'log'))).toBe('opened')
      expect(fs.readdirSync(at('real'))).toContain('log')
      fs.rmSync(at('real', 'log'))
    }
  })

  it('is no link, whoever made it, no folder and no FIFO', () => {
    fs.writeFileSync(at('keys'), '')
    fs.symlinkSync('keys', at('log'))
    expect(opened(at('log'))).toMatch(/cannot be opened.*\(ELOOP\)|symbolic link/)
    expect(opened(at('real'))).toMatch(/cannot be opened/)
    expect(opened(at('nowhere', 'log'))).toMatch(/cannot be opened.*ENOENT/)
    expect(opened(at('keys', 'log'))).toMatch(/cannot be opened.*ENOTDIR/)
  })

  it('is not looked for behind links without an end', () => {
    fs.symlinkSync('ring', at('ring'))
    expect(opened(at('ring', 'log'))).toMatch(/too many links|ELOOP/)
  })

  it.runIf(isRoot && isLinux)('X13: is not looked for behind a link of another user (needs root)', () => {
    fs.symlinkSync('real', at('link'))
    fs.lchownSync(at('link'), 65_534, 65_534)
    expect(opened(at('link', 'log'))).toMatch(/lies behind a link of another user, link: give its real path$/)
    expect(fs.readdirSync(at('real'))).toEqual(['deep'])
  })

  it.runIf(isRoot)(
    'X13: of root is of one name, its own, and not for everybody to write (needs root)',
    () => {
      const log = at('real', 'log')
      fs.writeFileSync(log, '')
      fs.chmodSync(log, 0o666)
      expect(opened(log)).toMatch(/may be written to by everybody/)
      fs.chmodSync(log, 0o644)
      expect(opened(log)).toBe('opened')
      fs.linkSync(log, at('other'))
      expect(opened(log)).toMatch(/has other names/)
      fs.rmSync(at('other'))
      fs.chownSync(log, 65_534, 65_534)
      expect(opened(log)).toMatch(/belongs to another user/)
      expect(opened(log, 65_534)).toBe('opened')
    },
  )
})
