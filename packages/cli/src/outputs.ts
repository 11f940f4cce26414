/** Which renderers a call needs, and where their text goes. */
import type { SyncOptions } from '@facsimile/core'
import type { Io } from './io.js'
import type { LiveLine } from './live-line.js'
import type { LogFile } from './log-file.js'
import { colorsOf, wantsColors } from './render/colors.js'
import { jsonRenderer } from './render/json.js'
import { logRenderer } from './render/log.js'
import { lostOutputRenderer, problemRenderer } from './render/problems.js'
import type { Renderer } from './render/renderer.js'
import { textRenderer } from './render/text.js'
import type { Teller } from './sink.js'
import { StreamSink } from './stream-sink.js'
import { workingDirectory } from './working-directory.js'

export interface OutputOptions {
  readonly io: Io
  readonly style: Style
  /** What the options leave out is said by the summary. */
  readonly options: SyncOptions
  readonly live: LiveLine
  readonly log: LogFile | undefined
  readonly signal: AbortSignal
}

interface Style {
  readonly json: boolean
  readonly quiet: boolean
  readonly verbose: boolean
}

export interface Outputs {
  readonly tellers: readonly Teller[]
  /** The sink of those that tell on stdout. */
  readonly stdout: StreamSink
}

export function openOutputs(outputs: OutputOptions): Outputs {
  const { io, live, log, signal } = outputs
  const out = new StreamSink(io.stdout, { gather: true, beforeWrite: () => live.clear(), signal })
  // What goes wrong is said at once, and after the lines that led there.
  const beforeTrouble = (): void => {
    void out.flush()
    live.clear()
  }
  const err = new StreamSink(io.stderr, { gather: false, beforeWrite: beforeTrouble, signal })
  const tellers = chooseRenderers(outputs).map(({ renderer, to }) => ({
    renderer,
    sink: to === 'stdout' ? out : err,
  }))
  if (log === undefined) return { tellers, stdout: out }
  const logged: Teller = { renderer: logRenderer(io.clock.date, workingDirectory()), sink: log }
  return { tellers: [...tellers, logged], stdout: out }
}

interface Choice {
  readonly renderer: Renderer
  readonly to: 'stdout' | 'stderr'
}

function chooseRenderers({ io, style, options }: OutputOptions): readonly Choice[] {
  if (style.json) {
    return [
      { renderer: jsonRenderer, to: 'stdout' },
      { renderer: lostOutputRenderer, to: 'stderr' },
    ]
  }
  const problems: Choice = {
    renderer: problemRenderer({
      notices: !style.quiet,
      colors: colorsOf(wantsColors(io.stderr, io.env)),
    }),
    to: 'stderr',
  }
  if (style.quiet) return [problems]
  const { include, exclude, oneFileSystem } = options
  const text = textRenderer({
    reasons: style.verbose,
    colors: colorsOf(wantsColors(io.stdout, io.env)),
    scope: {
      filtered: include !== undefined || exclude !== undefined || oneFileSystem === true,
      keepsExtraneous: options.delete === false,
    },
  })
  return [{ renderer: text, to: 'stdout' }, problems]
}
