// Who may import whom (ARCHITECTURE.md), type imports included. Anything not allowed here is an error.
const core = '^packages/core/src'

/** What a layer may import besides itself. */
const layers = {
  model: [],
  tree: ['model'],
  hash: ['model'],
  run: ['model'],
  walk: ['model', 'tree', 'hash', 'run'],
  compare: ['model', 'tree', 'hash', 'run'],
  apply: ['model', 'tree', 'hash', 'run'],
  backup: ['model', 'tree', 'apply'],
  plan: ['model'],
}

/** Layers that neither read nor run anything: no platform, no package. */
const pure = ['model', 'plan']

/** A dependency has one importing file, and these have it by name. */
const homes = {
  'fast-glob': 'walk/walk',
  'p-limit': 'run/limit',
  'xxhash-wasm': 'hash/xxh64',
  koffi: 'tree/native',
  croner: 'schedule/cron-points',
}

const directions = Object.entries(layers).map(([layer, allowed]) => ({
  name: `${layer}-imports-only-what-is-below`,
  severity: 'error',
  from: { path: `${core}/${layer}/` },
  to: { path: '^packages/', pathNot: `${core}/(${[layer, ...allowed].join('|')})/` },
}))

const triggers = {
  name: 'triggers-know-only-sync-folders-and-model',
  comment: 'schedule and watch call syncFolders and never know what a mirror is',
  severity: 'error',
  from: { path: `${core}/(schedule|watch)/` },
  to: {
    path: '^packages/',
    pathNot: [`${core}/model/`, `${core}/(sync-folders|options|many-options)\\.ts$`, `${core}/$1/`],
  },
}

const purity = pure.map(layer => ({
  name: `${layer}-is-pure`,
  severity: 'error',
  from: { path: `${core}/${layer}/` },
  to: { pathNot: '^packages/' },
}))

const single = Object.entries(homes).map(([dependency, file]) => ({
  name: `${dependency}-has-one-home`,
  severity: 'error',
  from: { path: '^packages/[^/]+/src/', pathNot: `${core}/${file}\\.ts$` },
  to: { path: `node_modules/${dependency}/` },
}))

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...directions,
    triggers,
    ...purity,
    ...single,
    {
      name: 'one-dependency-one-importing-file',
      severity: 'error',
      from: {},
      module: { path: 'node_modules/', numberOfDependentsMoreThan: 1 },
    },
    {
      name: 'file-system-behind-the-port',
      comment: 'only the tree knows paths and descriptors',
      severity: 'error',
      from: { path: core, pathNot: `${core}/tree/` },
      to: { dependencyTypes: ['core'], path: '^(node:)?fs(/promises)?$' },
    },
    {
      name: 'command-uses-the-public-name',
      severity: 'error',
      from: { path: '^packages/cli/src/' },
      to: { path: '^packages/core/', pathNot: '^packages/core/(dist|bundle)/index\\.(js|d\\.ts)$' },
    },
    {
      name: 'core-does-not-know-the-command',
      severity: 'error',
      from: { path: '^packages/core/' },
      to: { path: '^packages/cli/' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'nothing-unresolved',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-dependency-unlisted',
      comment: 'what a package lists for its development is joined into its bundle',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'], pathNot: 'node_modules/@types/' },
    },
    {
      name: 'nothing-alone',
      comment: 'a source that nothing imports and that is no entry is dead',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: [`${core}/(index|worker)\\.ts$`, '^packages/cli/src/(main|hung/watcher)\\.ts$'],
      },
      to: {},
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    doNotFollow: { path: ['node_modules', '^packages/[^/]+/(dist|bundle)/'] },
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
}
