/** The only file that knows pretty-bytes. */
import prettyBytes from 'pretty-bytes'

export function bytesText(bytes: number): string {
  return prettyBytes(bytes)
}
