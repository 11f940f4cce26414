/** The lock by the C library, which `lock.test.ts` cannot load. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { openRoot } from '../../src/tree/local.js'
import { lockReplica } from '../../src/tree/lock.js'
import { loadLibc } from '../../src/tree/native.js'
import { ways } from '../support/trees.js'

const temporary = useTemporaryDirectory()

describe.runIf(ways.includes('libc'))('a lock by the C library', () => {
  it.each(ways)('is had by one at a time, whatever way the other holds the folder: %s', async other => {
    expect(loadLibc()).toBeDefined()
    mkdirSync(join(temporary.path, 'replica'))
    const path = join(temporary.path, 'replica')
    const state = join(temporary.path, 'state')
    const [first, second] = [openRoot('replica', path, 'libc'), openRoot('replica', path, other)]
    try {
      const locked = await lockReplica(first, state)
      await expect(lockReplica(second, state)).rejects.toMatchObject({ code: 'locked', exitCode: 27 })
      locked.release()
      const next = await lockReplica(second, state)
      await expect(lockReplica(first, state)).rejects.toMatchObject({ code: 'locked', exitCode: 27 })
      next.release()
    } finally {
      first.close()
      second.close()
    }
  })
})
