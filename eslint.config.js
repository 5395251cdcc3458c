import js from '@eslint/js'
import tseslint from 'typescript-eslint'

/** The arrows: what each package may import of the others. test/tidy.test.ts holds the same table. */
const ARROWS = {
  protocol: [],
  'client-core': ['protocol'],
  tui: ['protocol', 'client-core'],
  cli: ['protocol', 'client-core', 'tui'],
  relay: ['protocol'],
  test: ['protocol', 'client-core', 'tui', 'cli', 'relay'],
}
const PACKAGES = Object.keys(ARROWS)

const NO_DEEP_DOOR = {
  regex:
    '^@sotto/(?!client-core/(daemon|simulation)$|tui/(demo|docs|first-run|screen)$)[^/]+/(?!parsers$)',
  message:
    'Import a package by its public door: @sotto/<package>, or one of client-core’s or tui’s others.',
}
const NO_NODE = { regex: '^node:', message: 'protocol must run without Node: no node:* modules.' }
const NO_LIBSIGNAL = {
  regex: '^@signalapp/libsignal-client',
  message: 'Only client-core/src/session and client-core/src/account may import libsignal.',
}

function arrowsOf(name) {
  const others = PACKAGES.filter((other) => other !== name)
  const closed = others.filter((other) => !ARROWS[name].includes(other))
  const patterns = [
    NO_DEEP_DOOR,
    {
      regex: `^(\\.\\./)+(${others.join('|')})/(src|out|test|dist)/`,
      message: 'Import another package by its name, never by its path.',
    },
  ]
  if (closed.length > 0) {
    patterns.push({
      regex: `^@sotto/(${closed.join('|')})(/|$)`,
      message: `${name} may import only: ${ARROWS[name].join(', ') || 'nothing'}.`,
    })
  }
  return patterns
}

function restrictImports(files, patterns, ignores = []) {
  return { files, ignores, rules: { 'no-restricted-imports': ['error', { patterns }] } }
}

export default tseslint.config(
  {
    ignores: [
      '**/node_modules/',
      '**/out/',
      '**/dist/',
      '**/prebuilds/',
      '.tap/',
      'protocol/src/generated/',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/prefer-readonly': 'error',
      '@typescript-eslint/strict-boolean-expressions': 'off',
      // A literal `while (true)` that leaves by return is clearer than a flag.
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // An async method without await is how a synchronous part answers to an asynchronous port.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      // Fails on its own account over some overload-free files (8.73.0).
      '@typescript-eslint/unified-signatures': 'off',
      // Ids are branded strings and numbers, which this rule cannot see through.
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
      // Terminals speak control characters; parsers of what others sent must name them.
      'no-control-regex': 'off',
      // `!= null` says "neither null nor undefined" in the shortest way there is.
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  {
    files: ['*/src/**/*.ts', '*/src/**/*.tsx'],
    rules: { 'no-console': 'error' },
  },
  {
    // libsignal calls the methods of its stores and asks nothing else of them.
    files: ['client-core/src/session/staged-stores.ts', 'test/bench/backlog/party.ts'],
    rules: { '@typescript-eslint/no-unsafe-class-instance-assignment': 'off' },
  },
  {
    files: ['protocol/src/**/*.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Time is an argument.' },
        { object: 'Math', property: 'random', message: 'Randomness is an argument.' },
      ],
    },
  },
  {
    files: ['*/test/**/*.ts', 'test/**/*.ts'],
    rules: {
      // tap awaits its subtests itself, and reports what they reject with.
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafePromises: [
            { from: 'package', name: 'PromiseWithSubtest', package: '@tapjs/core' },
          ],
        },
      ],
      '@typescript-eslint/no-non-null-assertion': 'off',
      // json<T>(): the test says what it expects to find in the output of a program.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-confusing-void-expression': 'off',
    },
  },
  ...PACKAGES.map((name) =>
    restrictImports([`${name}/**/*.ts`, `${name}/**/*.tsx`], arrowsOf(name)),
  ),
  restrictImports(['protocol/src/**/*.ts'], [...arrowsOf('protocol'), NO_NODE]),
  restrictImports(
    ['client-core/src/**/*.ts'],
    [...arrowsOf('client-core'), NO_LIBSIGNAL],
    ['client-core/src/session/**', 'client-core/src/account/**'],
  ),
  {
    files: ['scripts/**/*.js', 'eslint.config.js'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        Buffer: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
      },
    },
    rules: { eqeqeq: 'error' },
  },
)
