import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { flags } from '../src/flags.js'
import { jobFlags } from '../src/job-flags.js'
import { useTemporaryDirectory } from '../../../test/support/temp.js'
import { parseArguments } from '../src/parse.js'

const temporary = useTemporaryDirectory()

const parse = (...argv: string[]) => parseArguments(argv, 80)

const run = (...argv: string[]) => {
  const request = parse(...argv)
  if (request.kind !== 'run') throw new Error(`is ${request.kind}`)
  return request
}

const refusal = (...argv: string[]): string => {
  try {
    parse(...argv)
  } catch (error) {
    expect(error).toMatchObject({ name: 'UsageError' })
    return (error as Error).message
  }
  throw new Error('was accepted')
}

describe('folders and commands', () => {
  it.each<[string[], string, string, string]>([
    [['a', 'b'], 'sync', 'a', 'b'],
    [['sync', 'a', 'b'], 'sync', 'a', 'b'],
    [['check', 'a', 'b'], 'check', 'a', 'b'],
    [['--json', 'check', 'a', 'b'], 'check', 'a', 'b'],
    [['a', '--dry-run', 'b'], 'sync', 'a', 'b'],
    [['-s', 'a', '-d', 'b'], 'sync', 'a', 'b'],
    [['--source=a', '--destination=b'], 'sync', 'a', 'b'],
    [['check', '-s', 'a', '-d', 'b'], 'check', 'a', 'b'],
    [['plan', 'a', 'b', '--out', 'f'], 'plan', 'a', 'b'],
    [['--', 'plan', 'apply'], 'sync', 'plan', 'apply'],
    [['--', 'check', 'x'], 'sync', 'check', 'x'],
    [['--', 'sync', 'check'], 'sync', 'sync', 'check'],
    [['check', '--', 'check', 'sync'], 'check', 'check', 'sync'],
    [['./check', 'x'], 'sync', './check', 'x'],
    [['--', '-n', '--help'], 'sync', '-n', '--help'],
    [['a', '--', '--'], 'sync', 'a', '--'],
    [['a b', 'ü\n'], 'sync', 'a b', 'ü\n'],
  ])('%j', (argv, command, source, replica) => {
    expect(run(...argv)).toMatchObject({ command, folders: { source, replica } })
  })

  it.each<[string[], string]>([
    [[], 'none was given'],
    [['a'], "only 'a' was given"],
    [['check'], 'none was given'],
    [['plan', 'a', 'b'], 'plan needs --out FILE'],
    [['plan', 'a', '-o', 'f'], "only 'a' was given"],
    [['apply'], 'apply takes the file of a plan, and none was given'],
    [['apply', 'f', 'g'], "'g' is one more"],
    [['apply', 'f', '-s', 'a'], '--source makes no sense with apply'],
    [['explain', 'a', 'b'], 'no PATH was given'],
    [['explain', 'a', 'b', 'c', 'd'], "'d' is one more"],
    [['explain', '-s', 'a', '-d', 'b'], 'no PATH was given'],
    [['chekc', 'a', 'b'], "'chekc' is no command; did you mean check?"],
    [['a', 'b', 'c'], "'c' is one more"],
    [['--', 'a', 'b', 'c'], "'c' is one more"],
    [['-s', 'a'], '--source is given without --destination'],
    [['-d', 'a'], '--destination is given without --source'],
    [['-s', 'a', '-d', 'b', 'c'], "'c' conflicts with --source and --destination"],
    [['a', 'rep\ufffd'], "'rep\ufffd' is not UTF-8"],
    [['a', 'b', '--exclude', '\ufffd'], "'\ufffd' is not UTF-8"],
    [['a', 'b', '-l\ufffd'], "'-l\ufffd' is not UTF-8"],
    [['--', 'a', '\ufffd'], "'\ufffd' is not UTF-8"],
    [['a', '-s', 'b'], "'a' conflicts with --source and --destination"],
  ])('refuses %j', (argv, message) => {
    expect(refusal(...argv)).toContain(message)
  })
})

describe('flags', () => {
  it('sets nothing that was not given', () => {
    expect(run('a', 'b').given).toEqual({})
  })

  it.each<[string[], object]>([
    [['-n'], { dryRun: true }],
    [['--include', 'a', '--include', 'b*'], { include: ['a', 'b*'] }],
    [['--exclude=*.log'], { exclude: ['*.log'] }],
    [['--no-delete'], { delete: false }],
    [['--delete-excluded'], { deleteExcluded: true }],
    [['--max-delete', '10'], { maxDelete: 10 }],
    [['--max-delete=50%'], { maxDelete: '50%' }],
    [['--allow-empty-source'], { allowEmptySource: true }],
    [['-c'], { compare: 'content' }],
    [['--hash', 'sha256'], { hasher: 'sha256' }],
    [['--verify'], { verify: true }],
    [['--durable'], { durable: true }],
    [['--bwlimit', '10M'], { bwlimit: 10 * 2 ** 20 }],
    [['--bwlimit=1.5GB'], { bwlimit: 1_500_000_000 }],
    [['--partial'], { partial: true }],
    [['-x'], { oneFileSystem: true }],
    [['--concurrency', '3'], { concurrency: 3 }],
    [['--concurrency', 'auto'], { concurrency: 'auto' }],
    [['--strict'], { strict: true }],
    [['--json'], { json: true }],
    [['-q'], { quiet: true }],
    [['-v'], { verbose: true }],
    [['-l', 'file'], { log: 'file' }],
    [['-i', '0.5'], { intervalMs: 30_000 }],
    [['-i0.5'], { intervalMs: 30_000 }],
    [['--every', '1.5h'], { every: '1.5h' }],
    [['--cron', '*/10 * * * *'], { cron: '*/10 * * * *' }],
    [['--cron=@daily', '--time-zone', 'UTC'], { cron: '@daily', timeZone: 'UTC' }],
    [
      ['-l', 'f', '--log-max-size', '10M', '--log-max-age=7d', '--log-keep', '3'],
      { log: 'f', logMaxBytes: 10 * 2 ** 20, logMaxAge: '7d', logKeep: 3 },
    ],
    [['--held', 'paths'], { held: 'paths' }],
    [['-nvc'], { dryRun: true, verbose: true, compare: 'content' }],
    [['-nl', 'file'], { dryRun: true, log: 'file' }],
    [['--include=--dry-run'], { include: ['--dry-run'] }],
    [['--exclude=-nv'], { exclude: ['-nv'] }],
    [['-vl-n'], { verbose: true, log: '-n' }],
    [['--exclude', '-'], { exclude: ['-'] }],
    [['-lv', '--no-delete'], { log: 'v', delete: false }],
    [['--exclude=x', '--no-delete'], { exclude: ['x'], delete: false }],
  ])('%j', (argv, given) => {
    expect(run('a', 'b', ...argv).given).toEqual(given)
  })

  it('takes several replicas', () => {
    const { folders } = run('-s', 'a', '-d', 'b', '-d', 'c', '--destination=d')
    expect(folders).toEqual({ source: 'a', replica: 'b', replicas: ['b', 'c', 'd'] })
    expect(run('-s', 'a', '-d', 'b').folders).toEqual({ source: 'a', replica: 'b' })
  })

  it('keeps the historical form', () => {
    expect(run('-s', 'a', '-d', 'b', '-l', 'log', '-i', '5').given).toEqual({
      source: 'a',
      replicas: ['b'],
      log: 'log',
      intervalMs: 300_000,
    })
  })

  it.each<[string[], string]>([
    [['--dri-run'], "unknown option '--dri-run'; did you mean --dry-run?"],
    [['--delete'], "unknown option '--delete'"],
    [['-Z'], "unknown option '-Z'; see facsimile --help"],
    [['--interval', '0'], '--interval takes minutes above 0'],
    [['--interval=-1'], '--interval takes minutes above 0'],
    [['--interval', '-1'], '--interval takes MINUTES, and -1 follows'],
    [['--max-delete', 'x'], '--max-delete takes a whole number or a percentage'],
    [['--concurrency', 'x'], '--concurrency takes a whole number or auto'],
    [['--held', 'x'], '--held takes auto or libc or proc or paths'],
    [['--log', 'x', '--log', 'y'], "--log is given twice, as 'x' and as 'y'"],
    [['--log'], "option '-l, --log <FILE>' argument missing; see facsimile --help"],
    [['--include', '--', 'x'], "option '--include <GLOB>' argument missing"],
    [
      ['--exclude', '--no-delete'],
      '--exclude takes GLOB, and --no-delete follows, which looks like a flag; write --exclude=--no-delete if',
    ],
    [['--exclude', '--max-delete=0'], 'write --exclude=--max-delete=0 if that is meant'],
    [['--exclude', '-nv'], 'write --exclude=-nv if that is meant'],
    [['--exclude', '--help'], 'write --exclude=--help if that is meant'],
    [['--exclude', '--version'], 'write --exclude=--version if that is meant'],
    [['--exclude', 'a', '--exclude', '-n'], 'write --exclude=-n if that is meant'],
    [
      ['-vl', '--no-delete'],
      '--log takes FILE, and --no-delete follows, which looks like a flag; write --log=',
    ],
    [['-l', '-n'], '--log takes FILE, and -n follows'],
    [['-ncl', '-x'], '--log takes FILE, and -x follows'],
    [['--dry-run=yes'], "unknown option '--dry-run=yes'"],
    [['-q', '-v'], "option '-q, --quiet' cannot be used with option '-v, --verbose'"],
    [
      ['--every', '5m', '-i', '5'],
      "option '--every <TIME>' cannot be used with option '-i, --interval <MINUTES>'",
    ],
    [['--cron', 'x', '--every', '5m'], "'--cron <EXPRESSION>' cannot be used with option '--every <TIME>'"],
    [
      ['--cron', 'x', '-i', '5'],
      "'--cron <EXPRESSION>' cannot be used with option '-i, --interval <MINUTES>'",
    ],
    [['--json', '-q'], "option '--json' cannot be used with option '-q, --quiet'"],
    [['--json', '-v'], "option '--json' cannot be used with option '-v, --verbose'"],
  ])('refuses %j in one line', (argv, message) => {
    expect(refusal('a', 'b', ...argv)).toContain(message)
    expect(refusal('a', 'b', ...argv)).not.toContain('\n')
  })

  it('sets an option by every flag of the table', () => {
    const listed = join(temporary.path, 'list')
    writeFileSync(listed, 'a\n')
    const samples: Record<string, string> = {
      '--interval': '1',
      '--every': '15m',
      '--log-max-size': '1K',
      '--log-max-age': '1d',
      '--reconcile': '1h',
      '--log-keep': '1',
      '--max-delete': '1',
      '--min-size': '1K',
      '--max-size': '1K',
      '--newer': '2026-01-31',
      '--older': '7d',
      '--concurrency': '1',
      '--held': 'auto',
      '--filter-from': '/dev/null',
      '--files-from': listed,
      '--links': 'follow',
      '--bwlimit': '1M',
      '--keep': '10',
      '--scrub': '2%',
    }
    const others: Record<string, readonly string[]> = {
      '--no-times': ['--checksum'],
      '--time-zone': ['--cron', 'x'],
      '--reconcile': ['--watch'],
      '--log-max-size': ['--log', 'x'],
      '--log-max-age': ['--log', 'x'],
      '--log-keep': ['--log', 'x', '--log-max-age', '1d'],
      '--from0': ['--files-from', listed],
    }
    // Of undo and of schedules alone, whose arguments are read by themselves.
    for (const flag of flags.filter(flag => flag.long !== '--run' && !jobFlags.includes(flag))) {
      const value = 'value' in flag ? [samples[flag.long] ?? 'x'] : []
      const folders =
        flag.long === '--source' ? ['-d', 'b'] : flag.long === '--destination' ? ['-s', 'a'] : ['a', 'b']
      const needed = others[flag.long] ?? []
      const command = flag.long === '--out' ? ['plan'] : []
      expect(run(...command, ...folders, flag.long, ...value, ...needed).given).toHaveProperty(flag.option)
    }
  })
})

describe('what is no run', () => {
  it('is a plan that is applied', () => {
    expect(parse('apply', 'f', '--durable')).toEqual({ kind: 'apply', file: 'f', given: { durable: true } })
  })

  it.each([
    [['explain', 'a', 'b', 'c/d', '--exclude', 'x']],
    [['explain', '-s', 'a', '-d', 'b', 'c/d', '--exclude', 'x']],
  ])('is an explanation: %j', argv => {
    const folders = { source: 'a', replica: 'b' }
    expect(parse(...argv)).toMatchObject({ kind: 'explain', folders, path: 'c/d' })
  })
})

describe('help and version', () => {
  it('are asked for by a flag, wherever it stands', () => {
    expect(parse('--version')).toEqual({ kind: 'version' })
    expect(parse('--help').kind).toBe('help')
    expect(parse('check', '-h').kind).toBe('help')
  })

  it('names every flag, its value, and every exit code', () => {
    const request = parse('--help')
    const text = request.kind === 'help' ? request.text : ''
    for (const flag of flags)
      expect(text).toContain('value' in flag ? `${flag.long} <${flag.value}>` : flag.long)
    for (const code of ['0', '2', '23', '24', '25', '26', '27', '28', '129, 130, 143'])
      expect(text).toContain(`\n  ${code} `)
  })

  it('says what a comparison of metadata cannot see', () => {
    const request = parseArguments(['--help'], 1000)
    expect(request).toMatchObject({
      text: expect.stringContaining('a file that was changed and kept both is not seen') as string,
    })
  })

  it('says that --delete-excluded takes protection away', () => {
    const request = parseArguments(['--help'], 1000)
    const lines = request.kind === 'help' ? request.text.split('\n') : []
    const helpOf = (flag: string): string | undefined => lines.find(line => line.trim().startsWith(flag))
    for (const flag of ['--exclude', '-x, --one-file-system']) {
      expect(helpOf(flag)).toMatch(/protect .* unless --delete-excluded is given/)
    }
    expect(helpOf('--delete-excluded')).toContain('what --one-file-system leaves out')
  })

  it('fits its lines to the width', () => {
    for (const width of [80, 120]) {
      const request = parseArguments(['--help'], width)
      const text = request.kind === 'help' ? request.text : ''
      expect(Math.max(...text.split('\n').map(line => line.length))).toBeLessThanOrEqual(width)
    }
  })
})

describe('what is left alone of an entry', () => {
  it('is gathered from its flags', () => {
    expect(parseArguments(['--no-owner', '--no-hard-links', 'a', 'b'], 80)).toMatchObject({
      given: { preserve: { owner: false, hardLinks: false } },
    })
  })

  it('may be the time only when contents are compared', () => {
    expect(() => parseArguments(['--no-times', 'a', 'b'], 80)).toThrow('--no-times needs --checksum')
    expect(parseArguments(['--no-times', '--checksum', 'a', 'b'], 80)).toMatchObject({
      given: { preserve: { times: false }, compare: 'content' },
    })
  })
})
