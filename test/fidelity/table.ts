/**
 * The table of the README: what each tool keeps. `table.test.ts` runs each of them on the source of each row, and looks at
 * the replica; it fails where an answer here is not what was seen, and where the README says something else.
 */
import type { Row } from './row.js'
import { attributeRows } from './rows-of-attributes.js'
import { entryRows } from './rows-of-entries.js'
import { fileSystemRows } from './rows-of-file-systems.js'
import { type Tool, tools } from './tools.js'

export const rows: readonly Row[] = [...entryRows, ...attributeRows, ...fileSystemRows]

/** What facsimile is to keep and does not yet: these cells are not proven. To be empty in the end. */
export const notYet: readonly string[] = []

export function cell({ kept }: Row, { name }: Tool): string {
  return kept.includes(name) ? 'yes' : 'no'
}

/** As it stands in the README. */
export function markdownTable(): readonly (readonly string[])[] {
  return [
    ['Kept', ...tools.map(({ name }) => name)],
    ...rows.map(row => [row.what, ...tools.map(tool => cell(row, tool))]),
  ]
}
