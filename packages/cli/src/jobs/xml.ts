/** Text in XML. */
import { UsageError } from '../usage-error.js'

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
}

/** @throws UsageError when XML cannot hold it */
export function xmlText(text: string): string {
  if (/(?![\t\n\r])\p{Cc}|[\ufffe\uffff]/u.test(text))
    throw new UsageError(`the name '${text}' has control characters, which this scheduler cannot be told`)
  return text.replaceAll(/[&<>"\r]/g, each => entities[each] ?? each)
}
