/** Colours, where the stream shows them. The only file that knows picocolors. */
import picocolors from 'picocolors'
import type { Action } from '@facsimile/core'
import type { OutputStream } from '../io.js'

type Paint = (text: string) => string

export interface Colors {
  readonly action: Readonly<Record<Action, Paint>>
  readonly trouble: Paint
  readonly aside: Paint
}

const asIs: Paint = text => text

export const noColors: Colors = {
  action: {
    create: asIs,
    update: asIs,
    metadata: asIs,
    replace: asIs,
    rename: asIs,
    link: asIs,
    delete: asIs,
  },
  trouble: asIs,
  aside: asIs,
}

/** `NO_COLOR` comes first, then `FORCE_COLOR`, then whether the stream is a terminal. */
export function wantsColors(
  stream: Pick<OutputStream, 'isTTY'>,
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  if ((env['NO_COLOR'] ?? '') !== '') return false
  const forced = env['FORCE_COLOR'] ?? ''
  if (forced !== '') return forced !== '0' && forced !== 'false'
  return stream.isTTY === true && env['TERM'] !== 'dumb'
}

export function colorsOf(enabled: boolean): Colors {
  if (!enabled) return noColors
  const { green, yellow, cyan, red, dim } = picocolors.createColors(true)
  return {
    action: {
      create: green,
      update: yellow,
      metadata: cyan,
      replace: yellow,
      rename: cyan,
      link: cyan,
      delete: red,
    },
    trouble: red,
    aside: dim,
  }
}
