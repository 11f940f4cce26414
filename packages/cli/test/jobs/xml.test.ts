import { expect, it } from 'vitest'
import { xmlText } from '../../src/jobs/xml.js'

it('text in XML stands for itself, and what it cannot hold is refused', () => {
  expect(xmlText('a & b < c > "d"\r\n')).toBe('a &amp; b &lt; c &gt; &quot;d&quot;&#13;\n')
  for (const name of ['\u0000', '\u001b[2J', '\ufffe'])
    expect(() => xmlText(name)).toThrow(/control characters/)
})
