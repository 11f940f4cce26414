import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { expect, it } from 'vitest'
import { waitedForProcessorMs } from '../../src/tree/processor-waits.js'

it.skipIf(process.platform !== 'linux')('who shares the processors with many waits for one', async () => {
  const busy = Array.from({ length: 2 * availableParallelism() }, () =>
    spawn(process.execPath, ['-e', 'console.log(1); for (;;);'], { stdio: ['ignore', 'pipe', 'ignore'] }),
  )
  try {
    await Promise.all(busy.map(async ({ stdout }) => await once(stdout, 'data')))
    const before = waitedForProcessorMs()
    const until = performance.now() + 2000
    while (waitedForProcessorMs() - before < 20 && performance.now() < until);
    expect(waitedForProcessorMs() - before).toBeGreaterThanOrEqual(20)
  } finally {
    for (const child of busy) child.kill('SIGKILL')
  }
})
