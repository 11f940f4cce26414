/** Every case of the bench, very small: it runs, its peers do what they promise, and each has something to say. */
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { runProcess } from '../support/run.js'
import { caseNames } from './result.js'

const script = fileURLToPath(new URL('../../.ci/bench.mjs', import.meta.url))

it.each(caseNames)('%s', async name => {
  const args = [script, '--cases', name, '--pairs', '1', '--scale', '0.005']
  const { code, stdout, stderr } = await runProcess(process.execPath, args, { timeoutMs: 300_000 })
  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining(`bench: ${name}, `) })
  // Figures of time or memory; of btrfs, where there is none, why not.
  expect(stdout).toMatch(/ \d+(?:\.\d+)? (?:s|ms|MB)\b|^reflink +first copy.* (?:only root|mkfs)/m)
})

it('says what is wrong with its arguments in one line, and measures nothing', async () => {
  const { code, stdout, stderr } = await runProcess(process.execPath, [script, '--cases', 'nonsense'])
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(/^--cases knows [^\n]*, and not 'nonsense'\n$/)
})
