import { escapeName } from '@facsimile/core'

// C0, DEL, C1, bidirectional controls, line separators and lone surrogates.
const unshowable =
  // oxlint-disable-next-line no-control-regex -- controls are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/**
 * A message as one line without control characters. Unlike `escapeName` it leaves backslashes alone, for the names
 * in most messages are escaped already.
 */
export function oneLine(message: string): string {
  return message.replace(unshowable, escapeName)
}
