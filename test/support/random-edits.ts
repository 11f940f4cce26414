/**
 * Edits a real tree at random, in place. What can be done is a deck of cards, one for each edit and each kind
 * it is done to (and done into); the deck is shuffled and dealt again and again, so that a few hundred edits
 * hold each change of kind in each direction several times.
 */
import { type Bytes, show, textOf } from './byte-names.js'
import { isRoot } from './entry-kind.js'
import type { Root } from './held-directories.js'
import { Random } from './random.js'
import { randomName } from './random-entry.js'
import { type MadeKind, TreeEditor } from './tree-editor.js'
import { type ModelEntry, TreeModel, allOf, countBelow, isWithin, namesOf } from './tree-model.js'

export type EditKind =
  | 'create'
  | 'remove'
  | 'replace'
  | 'rename'
  | 'chmod'
  | 'chown'
  | 'touch'
  | 'retarget'
  | 'rewrite'
  | 'grow'
  | 'truncate'
  | 'attribute'

export type EditOptions = {
  readonly seed: number
  readonly count: number
  /** Which edits; all unless told, owners when root. */
  readonly kinds?: readonly EditKind[]
  readonly fifos?: boolean
  readonly hardLinks?: boolean
  /** Sets and removes extended attributes and lists of who may what; takes root. */
  readonly attributes?: boolean
  /** A directory with more entries below it is never removed; unless told, 2 % of the tree or 20. */
  readonly largestRemoved?: number
}

type Shape = 'file' | 'empty directory' | 'full directory' | 'symlink' | 'fifo'
type Card = { readonly edit: EditKind; readonly of: Shape | 'root' | 'hard link'; readonly into?: Shape }

/** Does `count` edits and says what it did, a line for each. */
export function randomEdits(root: Root, options: EditOptions): readonly string[] {
  const model = TreeModel.of(root)
  const random = new Random(options.seed)
  const editor = new TreeEditor(root, model, random)
  try {
    const edits = new Edits(model, editor, random, options)
    let deck: Card[] = []
    for (let done = 0; done < options.count; done += 1) {
      if (deck.length === 0) deck = random.shuffle(cards(options))
      const card = deck.pop()
      if (card !== undefined) edits.play(card)
    }
    return edits.log
  } finally {
    editor.close()
  }
}

function cards({ kinds, fifos, hardLinks, attributes }: EditOptions): readonly Card[] {
  const shapes: Shape[] = ['file', 'empty directory', 'full directory', 'symlink']
  if (fifos === true) shapes.push('fifo')
  const all: Card[] = []
  for (const of of shapes) {
    for (const edit of ['create', 'remove', 'rename', 'touch', 'chown'] as const) all.push({ edit, of })
    for (const into of shapes) if (into !== of) all.push({ edit: 'replace', of, into })
    if (of !== 'symlink') all.push({ edit: 'chmod', of })
  }
  for (const edit of ['rewrite', 'grow', 'truncate'] as const) all.push({ edit, of: 'file' })
  all.push({ edit: 'retarget', of: 'symlink' })
  all.push({ edit: 'chmod', of: 'root' }, { edit: 'touch', of: 'root' })
  // Half of what is done to files then finds one with several names.
  if (hardLinks === true) for (const _ of [1, 2, 3]) all.push({ edit: 'create', of: 'hard link' })
  if (attributes === true) for (const of of [...shapes, ...shapes]) all.push({ edit: 'attribute', of })
  const wanted = all.filter(({ edit }) => kinds?.includes(edit) ?? (edit !== 'chown' || isRoot))
  if (wanted.length === 0) throw new Error('no edits to choose from')
  return wanted
}

// Below the root, in bytes: so that tools that go by paths can read the tree, too.
const longestPath = 3000

class Edits {
  readonly log: string[] = []
  readonly #model: TreeModel
  readonly #editor: TreeEditor
  readonly #random: Random
  readonly #largestRemoved: number

  constructor(model: TreeModel, editor: TreeEditor, random: Random, options: EditOptions) {
    this.#model = model
    this.#editor = editor
    this.#random = random
    this.#largestRemoved = options.largestRemoved ?? Math.max(20, Math.floor(model.size / 50))
  }

  play(card: Card): void {
    if (card.of === 'root') this.#alter(card.edit, this.#model.root)
    else if (card.of === 'hard link') this.#createHardLink()
    else if (card.edit === 'create') this.#create(card.of)
    else {
      const removes = card.edit === 'remove' || card.edit === 'replace'
      const entry = this.#find(card.of, removes)
      // Nothing of that kind is left: make one, for the cards to come.
      if (entry === undefined) this.#create(card.of)
      else if (card.edit === 'replace') this.#replace(entry, card.of, card.into ?? 'file')
      else this.#alter(card.edit, entry)
    }
  }

  #find(shape: Shape, removes: boolean): ModelEntry | undefined {
    const kind = shape === 'empty directory' || shape === 'full directory' ? 'directory' : shape
    return this.#model.pick(this.#random, kind, entry => {
      if (entry.parent === undefined) return false
      if (shape === 'empty directory') return entry.children.size === 0
      if (shape !== 'full directory') return true
      if (entry.children.size === 0) return false
      return !removes || countBelow(entry, this.#largestRemoved + 1) <= this.#largestRemoved
    })
  }

  #alter(edit: EditKind, entry: ModelEntry): void {
    const path = pathOf(entry)
    switch (edit) {
      case 'chmod':
        return this.#say(`chmod ${this.#editor.chmod(entry)} ${path}`)
      case 'chown':
        return this.#say(`chown ${this.#editor.chown(entry)} ${path}`)
      case 'touch':
        return this.#say(`touch ${this.#editor.touch(entry)} ${path}`)
      case 'attribute':
        return this.#say(`${this.#editor.attribute(entry)} ${path}`)
      case 'retarget':
        this.#editor.retarget(entry)
        return this.#say(`retarget ${path}`)
      case 'rewrite':
      case 'truncate':
        if (this.#editor[edit](entry)) return this.#say(`${edit} ${path}`)
        return this.#alter('grow', entry)
      case 'grow':
        this.#editor.grow(entry)
        return this.#say(`grow ${path}`)
      case 'remove':
        this.#say(`remove ${entry.kind} ${path}, ${countBelow(entry, Infinity)} below it`)
        return this.#editor.remove(entry)
      case 'rename':
        return this.#rename(entry)
      case 'create':
      case 'replace':
        throw new Error(`${edit} is played elsewhere`)
    }
  }

  #create(shape: Shape): void {
    const parent = this.#directoryFor(undefined)
    this.#make(parent, randomName(this.#random, parent.children), shape)
  }

  #createHardLink(): void {
    const to = this.#find('file', false)
    if (to === undefined) return this.#create('file')
    const parent = this.#directoryFor(undefined)
    const name = randomName(this.#random, parent.children)
    this.#editor.createHardLink(parent, name, to)
    this.#say(`link ${pathOf(to)} as ${pathOf(parent)}/${show(textOf(name))}`)
  }

  #replace(entry: ModelEntry, of: Shape, into: Shape): void {
    const { parent, name } = entry
    if (parent === undefined) return
    this.#say(`replace ${of} ${pathOf(entry)}:`)
    this.#editor.remove(entry)
    this.#make(parent, name, into)
  }

  #make(parent: ModelEntry, name: Bytes, shape: Shape): void {
    const full = shape === 'full directory'
    const kind: MadeKind = full || shape === 'empty directory' ? 'directory' : shape
    const made = this.#editor.create(parent, name, kind)
    this.#say(`create ${shape} ${pathOf(made)}`)
    if (!full) return
    for (let more = this.#random.between(1, 4); more > 0; more -= 1) {
      const child = this.#random.pick(['file', 'file', 'symlink', 'empty directory'] as const)
      this.#make(made, randomName(this.#random, made.children), child)
    }
  }

  #rename(entry: ModelEntry): void {
    const path = pathOf(entry)
    const parent = this.#random.chance(0.3) && entry.parent ? entry.parent : this.#directoryFor(entry)
    const name = randomName(this.#random, parent.children)
    this.#editor.rename(entry, parent, name)
    this.#say(`rename ${path} to ${pathOf(entry)}`)
  }

  /** A directory for a new entry, or for one that is moved. */
  #directoryFor(moved: ModelEntry | undefined): ModelEntry {
    const room = longestPath - 1024 - (moved === undefined ? 0 : longestBelow(moved))
    const fits = (entry: ModelEntry): boolean =>
      lengthOf(entry) <= room && (moved === undefined || !isWithin(entry, moved))
    return this.#model.pick(this.#random, 'directory', fits) ?? this.#model.root
  }

  #say(line: string): void {
    this.log.push(`${this.log.length + 1}. ${line}`)
  }
}

function pathOf(entry: ModelEntry): string {
  return entry.parent === undefined
    ? '.'
    : namesOf(entry)
        .map(name => show(textOf(name)))
        .join('/')
}

function lengthOf(entry: ModelEntry): number {
  return namesOf(entry).reduce((sum, name) => sum + name.length + 1, 0)
}

function longestBelow(entry: ModelEntry): number {
  let longest = 0
  for (const each of allOf(entry)) longest = Math.max(longest, lengthOf(each))
  return longest - lengthOf(entry)
}
