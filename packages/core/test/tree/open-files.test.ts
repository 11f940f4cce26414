import { expect, it } from 'vitest'
import { mostOpenFiles } from '../../src/tree/open-files.js'
import { runProcess } from '../../../../test/support/run.js'

it.runIf(process.platform === 'linux')('is what the shell says it is', async () => {
  const { stdout } = await runProcess('sh', ['-c', 'cat /proc/$PPID/limits'])
  expect(stdout).toMatch(new RegExp(`^Max open files +${mostOpenFiles()} `, 'm'))
})
