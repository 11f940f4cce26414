/**
 * Whether a text is well-formed XML, as far as a picture needs it: tags that are closed in their order, attributes in
 * quotes and none of them twice, no bare ampersand, one root.
 */
const name = String.raw`[A-Za-z_][\w.:-]*`
const attribute = new RegExp(String.raw`\s+(${name})="([^"<]*)"`, 'g')
const tag = new RegExp(String.raw`^<(/?)(${name})((?:\s+${name}="[^"<]*")*)\s*(/?)>`)
const bareAmpersand = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\dA-Fa-f]+);)/

export function expectWellFormed(text: string): void {
  const open: string[] = []
  let roots = 0
  for (let at = 0; at < text.length; ) {
    if (text[at] === '<') {
      const [whole, end, tagName = '', attributes = '', alone] =
        tag.exec(text.slice(at)) ?? fail(text, at, 'no tag')
      checkAttributes(attributes, text, at)
      if (end === '/') {
        if (open.pop() !== tagName) fail(text, at, 'closes what is not open')
      } else {
        if (open.length === 0) roots += 1
        if (alone !== '/') open.push(tagName)
      }
      at += whole.length
    } else {
      const next = text.indexOf('<', at)
      const content = text.slice(at, next === -1 ? text.length : next)
      if (bareAmpersand.test(content)) fail(text, at, 'a bare ampersand')
      if (open.length === 0 && content.trim() !== '') fail(text, at, 'text outside the root')
      at += content.length
    }
  }
  if (open.length > 0) fail(text, text.length, `left open: ${open.join(', ')}`)
  if (roots !== 1) fail(text, 0, `${roots} roots`)
}

function checkAttributes(attributes: string, text: string, at: number): void {
  const found = [...attributes.matchAll(attribute)].map(([, attributeName]) => attributeName)
  if (new Set(found).size !== found.length) fail(text, at, 'an attribute twice')
  if (bareAmpersand.test(attributes)) fail(text, at, 'a bare ampersand')
}

function fail(text: string, at: number, what: string): never {
  throw new Error(`not well-formed, ${what}: ${text.slice(at, at + 80)}`)
}
