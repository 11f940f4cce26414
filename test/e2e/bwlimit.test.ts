/** `bwlimit`: so many bytes a second, by all threads together; who waits for that holds nobody up. */
import { Buffer } from 'node:buffer'
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { expect, it } from 'vitest'
import { expectEqualTrees } from '../support/compare-trees.js'
import { describeEachSetting, mirror, type Setting, stagedIn, useFolders } from '../support/mirror.js'

const folders = useFolders()
const kib = 1 << 10
const mib = 1 << 20

function write(files: Readonly<Record<string, number>>): void {
  for (const [path, size] of Object.entries(files)) {
    mkdirSync(join(folders.source, path, '..'), { recursive: true })
    writeFileSync(join(folders.source, path), Buffer.alloc(size, path))
  }
}

/** Calls back again and again, and tells the longest time in between. */
function longestGap(): () => number {
  let [last, longest] = [performance.now(), 0]
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last)
    last = performance.now()
  }, 5)
  return () => {
    clearInterval(timer)
    return longest
  }
}

/** How long a run takes, in seconds. */
async function timed(setting: Setting, options: { readonly bwlimit?: number }): Promise<number> {
  rmSync(folders.replica, { recursive: true, force: true })
  const begun = performance.now()
  const { report } = await mirror(folders, setting, options)
  expect(report.exitCode).toBe(0)
  expectEqualTrees(folders.source, folders.replica)
  return (performance.now() - begun) / 1000
}

describeEachSetting('a limited run', setting => {
  it('copies as much a second as it may, within a tenth', async () => {
    // Large ones are copied by the system, small ones are read and written.
    write({ a: 4 * mib, b: 4 * mib, c: 3 * mib })
    for (let each = 0; each < 64; each++) write({ [`d${each % 4}/${each}`]: 16 * kib })
    const gap = longestGap()
    const cpu = process.cpuUsage()
    const limited = async (): Promise<number> => await timed(setting, { bwlimit: 4 * mib })
    let seconds = await limited()
    const used = process.cpuUsage(cpu)
    expect(seconds).toBeGreaterThan(2.7)
    // The start is in it, too. A busy machine adds to it, and takes nothing away.
    const start = await timed(setting, {})
    for (let again = 0; again < 5 && seconds - start >= 3.3; again++) seconds = await limited()
    expect(seconds - start).toBeLessThan(3.3)
    expect(gap()).toBeLessThan(1000)
    expect((used.user + used.system) / 1e6).toBeLessThan(2)
  })

  it('is stopped in the middle of a wait', async () => {
    write({ a: mib })
    const stop = new AbortController()
    let stoppedAt = Number.NaN
    const change = (): void => {
      setTimeout(() => {
        stoppedAt = performance.now()
        stop.abort()
      }, 300)
    }
    // It would take a minute.
    const options = { bwlimit: 16 * kib, signal: stop.signal, on: { change } }
    const { report } = await mirror(folders, setting, options)
    expect(performance.now() - stoppedAt).toBeLessThan(1000)
    expect(report.exitCode).toBe(130)
    expect([readdirSync(folders.replica), stagedIn(folders.replica)]).toEqual([[], []])
  })
})

it('blocks are not shared at once, nor copied by the system in larger pieces than pass', async () => {
  write({ a: 2 * mib })
  const { report, faults } = await mirror(folders, { held: 'libc', concurrency: 1 }, { bwlimit: 4 * mib }, [
    { side: 'replica', call: 'handle.copyFrom' },
  ])
  expect(report.exitCode).toBe(0)
  // A quarter of a megabyte at a time.
  expect(faults.struck).toEqual([8])
})
