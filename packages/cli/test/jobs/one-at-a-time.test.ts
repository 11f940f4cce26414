import * as fs from 'node:fs'
import * as path from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { useTemporaryDirectory } from '../../../../test/support/temp.js'
import { oneAtATime } from '../../src/jobs/one-at-a-time.js'

const temporary = useTemporaryDirectory()
const folder = (): string => path.join(temporary.path, 'jobs')

describe('one at a time', () => {
  it('is at it, the others wait, and nothing is left behind', async () => {
    const order: string[] = []
    const step = async (name: string): Promise<string> =>
      await oneAtATime(folder(), async () => {
        order.push(`${name} begins`)
        await nextTurn()
        order.push(`${name} ends`)
        return name
      })
    expect(await Promise.all(['a', 'b', 'c'].map(step))).toEqual(['a', 'b', 'c'])
    expect(order).toHaveLength(6)
    for (let at = 0; at < 6; at += 2) expect(order[at]?.[0]).toBe(order[at + 1]?.[0])
    expect(fs.readdirSync(folder())).toEqual([])
  })

  it('that fails lets the next one', async () => {
    await expect(oneAtATime(folder(), () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await oneAtATime(folder(), () => 1)).toBe(1)
  })

  it('that was killed long ago is not waited for', async () => {
    fs.mkdirSync(folder())
    const lock = path.join(folder(), '.changing')
    fs.writeFileSync(lock, '')
    fs.utimesSync(lock, 1, 1)
    expect(await oneAtATime(folder(), () => 1)).toBe(1)
  })
})
