import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Given } from '../src/flag.js'
import { LogFile } from '../src/log-file.js'
import { keepLog } from '../src/log-limits.js'
import { FakeClock } from './support/fake-io.js'

let folder: string
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'facsimile-log-'))
})
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }))

function pathsWith(given: Given): readonly string[] {
  const log = new LogFile(path.join(folder, 'log'), path.join(folder, 'replica'))
  keepLog(log, given, new FakeClock())
  log.close()
  return log.paths.map(each => path.basename(each))
}

it('what a log may leave beside it is known, and is nothing where it has no limits', () => {
  expect(pathsWith({})).toEqual(['log'])
  expect(pathsWith({ logMaxAge: '7d' })).toEqual([
    'log',
    'log.rotating',
    'log.1',
    'log.2',
    'log.3',
    'log.4',
    'log.5',
  ])
  expect(pathsWith({ logMaxBytes: 1, logKeep: 1 })).toEqual(['log', 'log.rotating', 'log.1'])
})
