/** Which of several replicas a line is about, in front of it. */
import { escapeName } from '@facsimile/core'
import type { Renderer } from './renderer.js'

export function labelOf(replica: string): string {
  return `[${escapeName(replica)}] `
}

/** A renderer whose lines about a run each say which replica it is of. */
export function labelled(renderer: Renderer, replica: string): Renderer {
  const label = labelOf(replica)
  const labelEach = (lines: string): string => lines.replaceAll(/^(?=[^\n])/gm, label)
  return {
    ...renderer,
    planned: change => labelEach(renderer.planned(change)),
    outcome: outcome => labelEach(renderer.outcome(outcome)),
    end: end => labelEach(renderer.end(end)),
  }
}
