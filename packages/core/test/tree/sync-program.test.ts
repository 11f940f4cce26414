import { spawnSync } from 'node:child_process'
import { beforeEach, expect, it, vi } from 'vitest'
import { flushByProgram } from '../../src/tree/sync-program.js'
import { systemError } from '../support/trees.js'

vi.mock('node:child_process', () => ({ spawnSync: vi.fn<() => void>() }))
vi.mock('node:fs', async original => ({ ...(await original<object>()), existsSync: () => true }))

const ended = { status: 0, signal: null, stderr: '' }

function failure(result: object): unknown {
  vi.mocked(spawnSync).mockReturnValue({ ...ended, ...result } as ReturnType<typeof spawnSync>)
  try {
    flushByProgram('/replica/')
    return undefined
  } catch (error) {
    return error
  }
}

beforeEach(() => {
  vi.mocked(spawnSync).mockReset()
})

it('K07: the program is not in the process group that a terminal signals', () => {
  expect(failure({})).toBe(undefined)
  expect(spawnSync).toHaveBeenCalledWith(
    '/usr/bin/sync',
    ['-f', '.'],
    expect.objectContaining({ detached: true }),
  )
})

it.each([
  ['No space left on device', 'ENOSPC'],
  ['Disk quota exceeded', 'EDQUOT'],
  ['Input/output error', 'EIO'],
])('S04: what it says, "%s", is the storage’s', (stderr, code) => {
  expect(failure({ status: 1, stderr: `sync: error syncing '.': ${stderr}` })).toMatchObject({ code })
})

it.each(['EAGAIN', 'EMFILE', 'ENOMEM'])('%s when it is started is no failure of the storage', code => {
  const found = failure({ status: null, error: systemError(code) })
  expect(String(found)).toMatch(`the program /usr/bin/sync could not be started: `)
  expect(found).not.toHaveProperty('code')
})

it('a directory that is gone is told as such', () => {
  expect(failure({ status: null, error: systemError('ENOENT') })).toMatchObject({ code: 'ENOENT' })
})

it('one that is ended by a signal is no failure of the storage', () => {
  const found = failure({ status: null, signal: 'SIGKILL' })
  expect(String(found)).toBe('Error: the program /usr/bin/sync was ended by SIGKILL')
  expect(found).not.toHaveProperty('code')
})
