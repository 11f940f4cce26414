/** `docs/fault-coverage.md`, as it is made from the cases and the titles of the tests. */
import type { Group } from './group.js'
import type { Title } from './titles.js'

export type Proofs = {
  readonly groups: readonly Group[]
  readonly titles: readonly Title[]
  readonly reasons: Readonly<Record<string, string>>
}

const head = `# Fault coverage

What can go wrong, what must happen then, and the tests that prove it. Made by \`npm run faults\` from the titles of the
tests, and checked by them; not to be edited by hand. A case without a test says why it has none. A test in a file named
\`*.long.test.ts\` runs with \`npm run test:long\`; one that needs a tool or a right that is missing is skipped, and
\`.ci/expected-skips.txt\` says which may be.
`

export function coverageDocument({ groups, titles, reasons }: Proofs): string {
  const ids = groups.flatMap(({ cases }) => Object.keys(cases))
  const proven = ids.filter(id => titles.some(title => title.ids.includes(id))).length
  const sum = `${ids.length} cases: ${proven} with a test, ${ids.length - proven} without.\n`
  const sections = groups.map(({ letter, title, cases }) => {
    const rows = Object.entries(cases).map(
      ([id, must]) => `| ${id} | ${cell(must)} | ${proofOf(id, titles, reasons)} |`,
    )
    return [`## ${letter}: ${title}\n`, '| Case | What must happen | Proof |', '| --- | --- | --- |', ...rows]
      .join('\n')
      .concat('\n')
  })
  return [head, sum, ...sections].join('\n')
}

function proofOf(id: string, titles: readonly Title[], reasons: Readonly<Record<string, string>>): string {
  const found = titles.filter(title => title.ids.includes(id))
  if (found.length === 0) return `none: ${cell(reasons[id] ?? 'not proven yet')}`
  return found.map(({ file, title }) => `\`${file}\`: ${cell(withoutIds(title))}`).join('<br>')
}

/** `S01, S02: ` at its beginning is said by the row already. */
function withoutIds(title: string): string {
  return title.replace(/^(?:[A-Z]\d\d(?:, )?)+: /, '')
}

/** Text as it must be within a table. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('*', '\\*').replaceAll('_', '\\_')
}
