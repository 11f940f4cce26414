/** Which peers take part in a case, and why the others do not. */
import type { Bench } from './case.js'
import type { LeftOut } from './result.js'
import { isInstalled, type Tool } from './tools.js'

export type Peers = {
  readonly tools: readonly Tool[]
  readonly leftOut: readonly LeftOut[]
}

/** facsimile, and those of the others that are installed. `without` says of peers why they take no part at all. */
export function takePart(
  { name }: Bench,
  [first, ...others]: readonly [Tool, ...Tool[]],
  without: Readonly<Record<string, string>> = {},
): Peers {
  const missing = others.filter(tool => !isInstalled(tool))
  return {
    tools: [first, ...others.filter(tool => !missing.includes(tool))],
    leftOut: [
      ...missing.map(tool => ({ case: name, what: tool.name, why: `${tool.program} is not installed` })),
      ...Object.entries(without).map(([what, why]) => ({ case: name, what, why })),
    ],
  }
}
