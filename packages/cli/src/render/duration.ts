/** The only file that knows pretty-ms. */
import prettyMilliseconds from 'pretty-ms'

export function durationText(milliseconds: number): string {
  return prettyMilliseconds(Math.round(milliseconds))
}
