import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { Stopper } from '../../src/run/stopper.js'

describe('a stopper', () => {
  const reason = new Error('mine')

  it('stops when the caller’s signal does, with its reason', () => {
    const controller = new AbortController()
    const stopper = new Stopper(controller.signal)
    expect([stopper.signal.aborted, stopper.flag.isRaised()]).toEqual([false, false])
    controller.abort(reason)
    expect([stopper.signal.aborted, stopper.flag.isRaised()]).toEqual([true, true])
    expect(stopper.signal.reason).toBe(reason)
  })

  it('is stopped at once by a signal that is aborted already', () => {
    const stopper = new Stopper(AbortSignal.abort(reason))
    expect([stopper.signal.aborted, stopper.flag.isRaised()]).toEqual([true, true])
    expect(stopper.signal.reason).toBe(reason)
  })

  it('stops for a reason of our own, and leaves the caller’s signal alone', () => {
    const controller = new AbortController()
    const stopper = new Stopper(controller.signal)
    stopper.stop(reason)
    expect([stopper.signal.aborted, stopper.flag.isRaised(), controller.signal.aborted]).toEqual([
      true,
      true,
      false,
    ])
    controller.abort(new Error('later'))
    expect(stopper.signal.reason).toBe(reason)
  })

  it('listens no longer when it is released', () => {
    const controller = new AbortController()
    const stopper = new Stopper(controller.signal)
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1)
    stopper.release()
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
    controller.abort()
    expect(stopper.signal.aborted).toBe(false)
  })

  it('needs no signal', () => {
    const stopper = new Stopper(undefined)
    stopper.release()
    stopper.stop()
    expect(stopper.signal.aborted).toBe(true)
  })
})
