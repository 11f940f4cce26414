/**
 * The titles of all tests, read from their source: which cases each of them names, and whether it runs.
 *
 * The rule: an id counts where it stands in the title itself of an `it` or `test`, or of a `describe` with a test in it.
 * What comes from a table or a variable does not count, nor does what is never run: `skip`, `todo`, a test without a
 * body, and all that lies in a `describe` of that sort. Comments are no tests.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

export type Title = {
  /** Below the workspace. */
  readonly file: string
  /** As it stands in the source, with `…` for what is filled in. */
  readonly title: string
  readonly ids: readonly string[]
}

type TestCall = { readonly sort: 'test' | 'group'; readonly title: string; readonly runs: boolean }

const workspace = fileURLToPath(new URL('../..', import.meta.url))
const rooms = ['test', 'packages/core/test', 'packages/cli/test']
const notRun: ReadonlySet<string> = new Set(['skip', 'todo', 'fails'])

/** All titles of the workspace that name a case. */
export function readTitles(): readonly Title[] {
  return rooms
    .flatMap(room =>
      readdirSync(join(workspace, room), { recursive: true, encoding: 'utf8' })
        .filter(name => name.endsWith('.ts') && !name.includes('node_modules'))
        .map(name => `${room}/${name}`),
    )
    .sort()
    .flatMap(file => titlesIn(file, readFileSync(join(workspace, file), 'utf8')))
}

/** The titles of one file that name a case. */
export function titlesIn(file: string, text: string): readonly Title[] {
  const titles: Title[] = []
  const note = ({ title }: TestCall): void => {
    const ids = idsIn(title)
    if (ids.length > 0) titles.push({ file, title, ids })
  }
  /** Whether a test that runs was met. */
  const visit = (node: ts.Node): boolean => {
    const call = ts.isCallExpression(node) ? testCallOf(node) : undefined
    if (call?.runs === false) return false
    // Before what lies in it, as it stands.
    const at = titles.length
    let met = false
    node.forEachChild(child => {
      met = visit(child) || met
    })
    if (call === undefined) return met
    if (call.sort === 'group' && !met) return false
    note(call)
    // What was noted last belongs before what was noted within.
    if (titles.length > at + 1 && idsIn(call.title).length > 0) titles.splice(at, 0, ...titles.splice(-1))
    return true
  }
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest))
  return titles
}

/** The ids of cases in a title: `D05`, `S01, S02`. */
export function idsIn(title: string): readonly string[] {
  return title.match(/\b[A-Z]\d\d\b/g) ?? []
}

/** A call that makes a test or a group of tests; undefined for any other. */
function testCallOf(call: ts.CallExpression): TestCall | undefined {
  const [first, body] = call.arguments
  const title = first === undefined ? undefined : textOf(first)
  if (title === undefined) return undefined
  const { name, isOff } = rootOf(call.expression)
  if (name === undefined) return undefined
  const sort = name === 'it' || name === 'test' ? 'test' : name.startsWith('describe') ? 'group' : undefined
  return sort === undefined ? undefined : { sort, title, runs: !isOff && body !== undefined }
}

/** The name that a chain such as `it.skipIf(windows).each(rows)` begins with, and whether it says never. */
function rootOf(expression: ts.Expression): { readonly name: string | undefined; readonly isOff: boolean } {
  let isOff = false
  for (let at = expression; ; ) {
    if (ts.isIdentifier(at)) return { name: at.text, isOff }
    if (ts.isPropertyAccessExpression(at)) {
      isOff ||= notRun.has(at.name.text)
      at = at.expression
    } else if (ts.isCallExpression(at)) {
      isOff ||= isNever(at)
      at = at.expression
    } else return { name: undefined, isOff }
  }
}

/** `skipIf(true)`, `runIf(false)`. */
function isNever({ expression, arguments: [condition] }: ts.CallExpression): boolean {
  if (!ts.isPropertyAccessExpression(expression) || condition === undefined) return false
  const { text } = expression.name
  return (
    (text === 'skipIf' && condition.kind === ts.SyntaxKind.TrueKeyword) ||
    (text === 'runIf' && condition.kind === ts.SyntaxKind.FalseKeyword)
  )
}

function textOf(node: ts.Expression): string | undefined {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return shown(node.text)
  if (!ts.isTemplateExpression(node)) return undefined
  return shown([node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('…'))
}

/** With `…` for what vitest fills in. */
function shown(title: string): string {
  return title.replaceAll(/%[sdifjo#]|\$[A-Za-z.]+/g, '…')
}
