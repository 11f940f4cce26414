import { expect, it } from 'vitest'
import { jsonRenderer } from '../../src/render/json.js'
import { labelled, labelOf } from '../../src/render/label.js'
import { logRenderer } from '../../src/render/log.js'
import { problemRenderer } from '../../src/render/problems.js'
import { type Renderer, silent } from '../../src/render/renderer.js'
import { colorsOf } from '../../src/render/colors.js'
import { date, outcome, problem, progress, run, runEnd } from '../support/samples.js'
import { schemaErrors } from '../support/schema.js'

const colors = colorsOf(false)

it('is in front of each line, and nothing is in front of none', () => {
  const renderer: Renderer = { ...silent, end: () => 'one\ntwo\n', outcome: () => '' }
  const of = labelled(renderer, 'b')
  expect([of.end(runEnd()), of.outcome(outcome())]).toEqual(['[b] one\n[b] two\n', ''])
})

it('is one line, whatever the folder is called', () => {
  expect(labelOf('a\nb')).toBe('[a\\nb] ')
})

it('is in what went wrong', () => {
  const of = problemRenderer({ notices: true, colors }).about?.('b')
  expect(of?.problem(problem({ message: 'no' }))).toBe('facsimile: [b] no\n')
})

it('is in the log, as an absolute path', () => {
  const of = logRenderer(() => date, '/at').about?.('b')
  expect(of?.problem(problem({ message: 'no' }))).toMatch(/ problem {3}\[\/at\/b\] no\n$/)
})

it('is a field of each JSON line', () => {
  const of = jsonRenderer.about?.('b') ?? silent
  const lines = [
    of.outcome(outcome()),
    of.problem(problem()),
    of.progress(progress()),
    of.end(runEnd({ report: undefined, failures: [{ code: 'locked', exitCode: 27, message: 'no' }] })),
  ].join('')
  const parsed = lines.trimEnd().split('\n')
  expect(parsed.map(line => (JSON.parse(line) as { readonly replica: string }).replica)).toEqual(
    parsed.map(() => 'b'),
  )
  expect(parsed).toHaveLength(5)
  expect(schemaErrors(lines + of.start(run()))).toEqual([])
})
