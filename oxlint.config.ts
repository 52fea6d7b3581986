import { defineConfig } from 'oxlint';

// The import table of the design (section 2), by folder: which of our packages each may import. A table that nothing
// enforces is a wish. What a linter can't express is checked in apps/holdfast/src/rails/*.test.ts.
const mayImport: Record<string, string[]> = {
  'packages/node-kit': [],
  'packages/errors': [],
  'packages/reading': [],
  'packages/messages': ['node-kit', 'errors'],
  'packages/soap': ['errors', 'node-kit'],
  'packages/documents': ['errors', 'messages'],
  'packages/graph': ['node-kit', 'errors', 'messages'],
  'packages/contracts': ['graph', 'node-kit', 'errors'],
  'packages/db': ['errors', 'graph', 'node-kit'],
  'packages/egress': ['errors', 'node-kit'],
  'packages/secrets': ['contracts', 'db', 'egress', 'errors'],
  'packages/agents': ['db', 'egress', 'errors', 'secrets'],
  'packages/backup': ['contracts', 'db', 'errors'],
  'packages/databases': ['errors', 'node-kit'],
  'packages/mirror': ['databases', 'db', 'errors'],
  'packages/services': ['errors', 'node-kit', 'soap'],
  'packages/providers': ['db', 'egress', 'errors', 'node-kit'],
  'packages/channels': ['db', 'errors', 'messages', 'node-kit', 'egress'],
  'packages/delivery': ['db', 'channels', 'egress', 'errors', 'messages', 'node-kit', 'providers'],
  'packages/llm': ['errors', 'egress', 'node-kit'],
  'packages/runs': ['db', 'channels', 'delivery', 'errors', 'graph', 'messages', 'node-kit', 'providers', 'reading'],
  'packages/flows': ['db', 'errors', 'graph', 'node-kit'],
  'packages/stack': ['errors'],
  'packages/webhooks': ['errors', 'graph', 'node-kit'],
  'packages/triggers': ['db', 'errors', 'node-kit', 'nodes', 'providers', 'runs', 'webhooks'],
  nodes: ['documents', 'errors', 'graph', 'messages', 'node-kit', 'reading', 'soap'],
  templates: ['graph', 'nodes'],
  workflows: [],
  'apps/agent': ['databases', 'egress', 'errors'],
  'apps/demo-service': [],
  'apps/editor': ['contracts', 'errors', 'graph', 'messages', 'node-kit', 'nodes/catalog'],
  'apps/server': [
    'agents',
    'backup',
    'channels',
    'contracts',
    'databases',
    'db',
    'delivery',
    'egress',
    'errors',
    'flows',
    'graph',
    'llm',
    'mirror',
    'node-kit',
    'nodes',
    'providers',
    'runs',
    'secrets',
    'services',
    'soap',
    'templates',
    'triggers',
    'webhooks',
  ],
  'apps/worker': [
    'agents',
    'channels',
    'databases',
    'db',
    'delivery',
    'egress',
    'errors',
    'graph',
    'llm',
    'node-kit',
    'nodes',
    'providers',
    'runs',
    'secrets',
    'workflows',
  ],
  'apps/holdfast': ['contracts', 'db', 'demo-service', 'errors', 'flows', 'graph', 'nodes', 'server', 'stack', 'worker'],
  // Looks at the whole product from outside; nothing of it ships.
  'apps/measure': ['holdfast', 'stack', 'test-kit'],
};

const tests = ['**/*.test.ts', '**/*.test.tsx', 'packages/test-kit/**', '**/test/**'];

/** Loaded by the browser and by Temporal's sandbox: no Node, no clock, no chance, no network. */
const sandboxed = [
  'packages/node-kit/src/**',
  'packages/messages/src/**',
  'packages/graph/src/**',
  'packages/reading/src/**',
  'packages/contracts/src/**',
  'nodes/*/node.ts',
  'nodes/catalog.ts',
  'workflows/*.ts',
];
const startsProcesses = ['packages/stack/**', 'apps/holdfast/**', 'apps/measure/**'];

const all = [...Object.keys(mayImport).map((folder) => folder.split('/').at(-1)), 'test-kit'];

/** Everything of ours but `allowed`; the linter's expressions know no look-ahead. `nodes/catalog` allows that entry alone. */
const ours = (allowed: string[]) => {
  const refused = all.filter((name) => !allowed.some((entry) => entry.split('/')[0] === name));
  const entries = allowed.includes('nodes/catalog') ? ['nodes/runners'] : [];
  return `^@holdfast/(?:${[...refused, ...entries].join('|')})(?:/|$)`;
};
const noProcesses = {
  regex: '^(?:node:)?(?:child_process|vm|cluster|repl)$',
  message: 'Only packages/stack and apps/holdfast start processes; nothing evaluates code.',
};
const noNode = { regex: '^node:', message: 'This also runs in the browser or in Temporal’s sandbox: no Node built-ins.' };

const restrictImports = (folder: string, allowed: string[]) => ({
  files: [`${folder}/**`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          { regex: ours(allowed), message: `${folder} may import of ours only: ${allowed.join(', ') || 'nothing'} (oxlint.config.ts).` },
          ...(startsProcesses.includes(`${folder}/**`) ? [] : [noProcesses]),
          ...([
            'packages/node-kit',
            'packages/messages',
            'packages/graph',
            'packages/contracts',
            'packages/soap',
            'workflows',
            'apps/editor',
          ].includes(folder)
            ? [noNode]
            : []),
        ],
      },
    ],
  },
});

export default defineConfig({
  plugins: ['typescript', 'unicorn', 'oxc', 'import', 'promise', 'vitest', 'react', 'jsx-a11y'],
  categories: { correctness: 'error' },
  options: { typeAware: true },
  env: { builtin: true },
  ignorePatterns: ['**/dist/**', '**/node_modules/**', '.holdfast/**', 'workflows/histories/**'],
  rules: {
    'typescript/no-explicit-any': 'error',
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': ['error', { checksVoidReturn: false }],
    'typescript/await-thenable': 'error',
    'typescript/consistent-type-imports': 'error',
    'typescript/no-non-null-assertion': 'error',
    'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    'typescript/only-throw-error': 'error',
    // Splitting a text into code points is what our readers of text do, on purpose.
    'typescript/no-misused-spread': ['error', { allow: ['string'] }],
    // Mantine's components carry the right elements; a status or a drawing keeps its role.
    'jsx-a11y/prefer-tag-over-role': 'off',
    'jsx-a11y/no-autofocus': 'off',
    'promise/no-callback-in-promise': 'off',
    'vitest/no-standalone-expect': 'off',
    // The second argument names what is looked at.
    'vitest/valid-expect': ['error', { maxArgs: 2 }],
    'no-eval': 'error',
    'no-new-func': 'error',
    'no-implied-eval': 'error',
    'no-restricted-imports': ['error', { patterns: [noProcesses] }],
    'no-var': 'error',
    'prefer-const': 'error',
    eqeqeq: ['error', 'always', { null: 'ignore' }],
    'max-params': ['error', { max: 4 }],
    'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
    'import/no-cycle': 'error',
    'import/no-self-import': 'error',
  },
  overrides: [
    ...Object.entries(mayImport).map(([folder, allowed]) => restrictImports(folder, allowed)),
    {
      files: ['nodes/*/node.ts', 'nodes/catalog.ts'],
      rules: {
        'no-restricted-imports': [
          'error',
          {
            patterns: [
              {
                regex: ours(['node-kit', 'graph', 'errors', 'messages', 'reading']),
                message: 'A definition imports node-kit, graph, messages, reading and errors only.',
              },
              noNode,
              noProcesses,
            ],
          },
        ],
      },
    },
    {
      files: ['nodes/*/run.ts'],
      rules: {
        'no-restricted-imports': [
          'error',
          {
            patterns: [
              {
                regex: ours(['node-kit', 'errors', 'messages', 'documents', 'soap']),
                message: 'A runner reaches the world only through the context it is given.',
              },
              noNode,
            ],
          },
        ],
        'no-restricted-globals': ['error', 'fetch', 'process', 'XMLHttpRequest', 'WebSocket'],
      },
    },
    {
      files: sandboxed,
      rules: {
        'no-restricted-globals': [
          'error',
          'process',
          'Buffer',
          'fetch',
          'setTimeout',
          'setInterval',
          'setImmediate',
          'performance',
          'crypto',
          'window',
          'document',
          'localStorage',
          'XMLHttpRequest',
          'WebSocket',
        ],
        'no-restricted-properties': [
          'error',
          { object: 'Date', property: 'now', message: 'Time is handed in.' },
          { object: 'Math', property: 'random', message: 'Chance is handed in.' },
          { object: 'globalThis', property: 'fetch', message: 'No network here.' },
        ],
      },
    },
    // The router's way to send people elsewhere is to throw a redirect.
    { files: ['apps/editor/src/router.tsx'], rules: { 'typescript/only-throw-error': 'off' } },
    // Runs before the page, as it stands.
    { files: ['apps/editor/public/**'], rules: { 'no-var': 'off' } },
    // Run in Node: by Vite, and the album of screenshots.
    {
      files: ['apps/editor/vite.config.ts', 'apps/editor/album/**', 'apps/editor/src/**/*-plugin.ts'],
      rules: { 'no-restricted-imports': 'off' },
    },
    {
      files: tests,
      rules: {
        'no-restricted-imports': 'off',
        'no-restricted-globals': 'off',
        'no-restricted-properties': 'off',
        'max-lines': 'off',
        'typescript/no-non-null-assertion': 'off',
      },
    },
  ],
});
