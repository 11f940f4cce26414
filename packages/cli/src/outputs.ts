/** Which renderers a call needs, and where their text goes. Only what is needed is loaded. */
import type { SyncOptions } from '@facsimile/core'
import type { Io } from './io.js'
import type { LiveLine } from './live-line.js'
import type { LogFile } from './log-file.js'
import type { Renderer } from './render/renderer.js'
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

export async function openOutputs(outputs: OutputOptions): Promise<Outputs> {
  const { io, live, log, signal } = outputs
  const out = new StreamSink(io.stdout, { gather: true, beforeWrite: () => live.clear(), signal })
  // What goes wrong is said at once, and after the lines that led there.
  const beforeTrouble = (): void => {
    void out.flush()
    live.clear()
  }
  const err = new StreamSink(io.stderr, { gather: false, beforeWrite: beforeTrouble, signal })
  const tellers = (await chooseRenderers(outputs)).map(({ renderer, to }) => ({
    renderer,
    sink: to === 'stdout' ? out : err,
  }))
  if (log === undefined) return { tellers, stdout: out }
  const { logRenderer } = await import('./render/log.js')
  const logged: Teller = { renderer: logRenderer(io.clock.date, workingDirectory()), sink: log }
  return { tellers: [...tellers, logged], stdout: out }
}

interface Choice {
  readonly renderer: Renderer
  readonly to: 'stdout' | 'stderr'
}

async function chooseRenderers({ io, style, options }: OutputOptions): Promise<readonly Choice[]> {
  if (style.json) {
    const { jsonRenderer } = await import('./render/json.js')
    const { lostOutputRenderer } = await import('./render/problems.js')
    return [
      { renderer: jsonRenderer, to: 'stdout' },
      { renderer: lostOutputRenderer, to: 'stderr' },
    ]
  }
  const { loadColors, wantsColors } = await import('./render/colors.js')
  const { problemRenderer } = await import('./render/problems.js')
  const problems: Choice = {
    renderer: problemRenderer({
      notices: !style.quiet,
      colors: await loadColors(wantsColors(io.stderr, io.env)),
    }),
    to: 'stderr',
  }
  if (style.quiet) return [problems]
  const { textRenderer } = await import('./render/text.js')
  const { include, exclude, oneFileSystem } = options
  const text = textRenderer({
    reasons: style.verbose,
    colors: await loadColors(wantsColors(io.stdout, io.env)),
    scope: {
      filtered: include !== undefined || exclude !== undefined || oneFileSystem === true,
      keepsExtraneous: options.delete === false,
    },
  })
  return [{ renderer: text, to: 'stdout' }, problems]
}
