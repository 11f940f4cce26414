import { expect, it } from 'vitest'
import { watchSettings } from '../../src/watch/watch-options.js'

const folders = { source: 's', replica: 'r' }
const onRun = (): void => {}

it('what is not said is as it is documented', () => {
  expect(watchSettings(folders)).toEqual({
    reconcileMs: 600_000,
    debounceMs: 50,
    maxDelayMs: 1000,
    onRun: undefined,
    onState: undefined,
    run: { ...folders, reject: false },
  })
})

it('what each run is called with is passed on, and what is about watching is not', () => {
  const given = { ...folders, durable: true, reconcile: '1h', debounce: 0, maxDelay: 5, onRun } as const
  expect(watchSettings(given)).toEqual({
    reconcileMs: 3_600_000,
    debounceMs: 0,
    maxDelayMs: 5,
    onRun,
    onState: undefined,
    run: { ...folders, durable: true, reject: false },
  })
})

it.each([
  [{ dryRun: true }, /^option "dryRun" cannot be watched with: a watch mirrors what happens; leave it out$/],
  [{ files: ['a'] }, /^option "files" cannot be watched with/],
  [{ reject: false }, /^option "reject" cannot be watched with/],
  [{ replicas: ['a'] }, /^option "replicas" cannot be watched with: .*one watch for each/],
  [{ reconcile: '1ms' }, /^option "reconcile": expected/],
  [{ debounce: -1 }, /^option "debounce": expected/],
  [{ maxDelay: 'x' }, /^option "maxDelay": expected/],
  [{ onState: 1 }, /^option "onState": expected a function; found 1$/],
  [{ onRun: 'x' }, /^option "onRun": expected a function; found "x"$/],
])('%j is refused', (given, message) => {
  expect(() => watchSettings({ ...folders, ...given } as never)).toThrow(message)
})

it.each([undefined, null, 'x'])('%j is no options', given => {
  expect(() => watchSettings(given as never)).toThrow(/^option "options": expected an object/)
})
