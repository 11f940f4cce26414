/** The lines people read on stdout: each change, then a summary. */
import { type ChangeLineOptions, outcomeLine, plannedLine } from './change-line.js'
import { counted } from './figures.js'
import { labelled } from './label.js'
import { type Renderer, silent } from './renderer.js'
import { renderSummary, type SummaryScope } from './summary.js'

export interface TextOptions extends ChangeLineOptions {
  readonly scope: SummaryScope
}

export function textRenderer(options: TextOptions): Renderer {
  return {
    ...silent,
    planned: change => plannedLine(change, options),
    outcome: outcome => outcomeLine(outcome, options),
    end: end => renderSummary(end, options.scope),
    about: replica => labelled(textRenderer(options), replica),
    watch: ({ coverage, directories }) =>
      coverage === 'live' ? `Watching ${counted(directories, 'directory', 'directories')}.\n` : '',
    wait: next => `Next run at ${next.toISOString().slice(0, 19)}Z.\n`,
  }
}
