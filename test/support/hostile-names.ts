/** Names that break tools: each is legal on Linux, and somebody's folder holds one. */
import { type Bytes, bytes, bytesOfText } from './byte-names.js'

const anywhere = [
  '__proto__',
  'constructor',
  'toString',
  '-rf',
  '--delete',
  '[a-z]',
  '{a,b}',
  '!(x)',
  '@(a|b)',
  '#comment',
  '~',
  '$HOME',
  '`id`',
  '%2e%2e',
  "it's",
  '...',
  '.hidden',
  '.gitignore',
  'é',
  'ﬀ',
  '𝒳',
  '\u202egnp.exe',
  '\u200fright to left',
  '\ufeffmark',
  'x'.repeat(255),
  '€'.repeat(85),
  '0',
  '-1',
  '1e3',
]

const onlyPosix = [
  '*',
  '**',
  '?',
  'a\nb',
  '\n',
  '\r',
  'tab\there',
  '\u001b[31mred\u001b[0m',
  '\u0007',
  '\u007f',
  '\u0085',
  '\u2028',
  'back\\slash',
  '\\',
  ' ',
  ' leading',
  'trailing ',
  'dot.',
  'con:aux',
  '"quoted"',
  '<|>',
]

const onlyLinux = [
  'e\u0301',
  bytes('ff'),
  bytes('ff fe'),
  bytes('80'),
  bytes('c3 28'),
  bytes('ed a0 80'),
  bytes('f8 88 80 80 80'),
  bytes('c0 af'),
  `latin1 ${bytes('e9')}`,
  `${bytes('ff')}\n*`,
  bytes('ff').repeat(255),
]

/** Those that this platform's file systems can hold. */
export const hostileNames: readonly string[] = [
  ...anywhere,
  ...(process.platform === 'win32' ? [] : onlyPosix),
  ...(process.platform === 'linux' ? onlyLinux : []),
]

export const hostileNameBytes: readonly Bytes[] = hostileNames.map(bytesOfText)
