import { expect, it } from 'vitest'
import { canDraw, TerminalLine } from '../src/live-line.js'
import { FakeClock, FakeStream } from './support/fake-io.js'

const erase = '\u001b[K'

it('draws over itself, no wider than the terminal', () => {
  const stream = new FakeStream(true)
  const line = new TerminalLine(stream, new FakeClock())
  line.show('one')
  line.show('x'.repeat(200))
  expect(stream.writes).toEqual([`\rone${erase}`, `\r${'x'.repeat(79)}${erase}`])
})

it('is due ten times a second at most', () => {
  const clock = new FakeClock()
  const line = new TerminalLine(new FakeStream(true), clock)
  let drawn = 0
  for (let ms = 0; ms < 1000; ms++) {
    if (line.isDue()) {
      line.show(String(ms))
      drawn += 1
    }
    clock.advance(1)
  }
  expect(drawn).toBe(10)
})

it('is cleared once, and only when it is there', () => {
  const stream = new FakeStream(true)
  const line = new TerminalLine(stream, new FakeClock())
  line.clear()
  line.show('one')
  line.clear()
  line.clear()
  expect(stream.writes).toEqual([`\rone${erase}`, `\r${erase}`])
})

it('is for terminals that can draw', () => {
  expect(canDraw(new FakeStream(true), {})).toBe(true)
  expect(canDraw(new FakeStream(true), { TERM: 'dumb' })).toBe(false)
  expect(canDraw(new FakeStream(false), {})).toBe(false)
})
