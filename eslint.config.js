import eslint from '@eslint/js';
import i18next from 'eslint-plugin-i18next';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/**
 * Which room may import from which (shared is open to all of them). A room that is not in the list is closed, so
 * imports run one way: window and command line → services → enrolment, signing → keys, token, store → PC/SC.
 */
const rooms = {
  'src/shared': [],
  native: [],
  'src/preload': [],
  'src/renderer': [],
  'src/main/token': ['native'],
  'src/main/pki': [],
  'src/main/store': [],
  'src/main/trust': ['src/main/pki'],
  'src/main/enrolment': ['src/main/pki', 'src/main/trust', 'src/main/token', 'src/main/store'],
  'src/main/signing': [
    'src/main/pki',
    'src/main/trust',
    'src/main/token',
    'src/main/store',
    'src/main/enrolment',
  ],
  'src/main/profile': [
    'src/main/pki',
    'src/main/trust',
    'src/main/token',
    'src/main/store',
    'src/main/enrolment',
    'src/main/signing',
  ],
  'src/main/control-panel': [
    'src/main/pki',
    'src/main/trust',
    'src/main/token',
    'src/main/store',
    'src/main/enrolment',
  ],
  'src/main/browser': 'services and below',
  'src/main/desktop': 'services and below',
  'src/cli': 'services and below',
};
/** Files directly in src/main put the services together. */
const services = 'src/main/*.ts';
const faces = ['src/main/browser', 'src/main/desktop', 'src/cli', 'src/renderer', 'src/preload'];

const zones = Object.entries(rooms).flatMap(([room, open]) => {
  const closed = Object.keys(rooms).filter((other) => {
    if (other === room || (other === 'src/shared' && room !== 'native')) return false;
    if (open === 'services and below') return faces.includes(other) && other !== 'src/main/browser';
    return !open.includes(other);
  });
  const allowed = [room === 'native' ? [] : 'src/shared', open].flat();
  const message = `${room} may import from ${allowed.join(', ') || 'itself'} only.`;
  const hidesServices = open === 'services and below' ? [] : [services];
  return [
    { target: `./${room}`, from: [...closed, 'test', 'scripts'].map((other) => `./${other}`), message },
    ...hidesServices.map((from) => ({ target: `./${room}`, from: `./${from}`, message })),
  ];
});
zones.push({
  target: `./${services}`,
  from: [...faces, 'test', 'scripts'].map((face) => `./${face}/**/*`),
  message: 'The services know neither the window nor the command line.',
});

const electronIpc = 'Electron’s ipc is used by src/main/desktop/ipc.ts and src/preload/preload.ts only.';
const ipcNames = ['ipcMain', 'ipcRenderer'];
const noIpc = {
  name: 'electron',
  importNames: ipcNames,
  message: electronIpc,
};
const noIpcMember = {
  selector: `MemberExpression[property.name=/^(?:${ipcNames.join('|')})$/]`,
  message: electronIpc,
};
const erased = [
  { selector: 'TSEnumDeclaration', message: 'Use a union of literals.' },
  { selector: 'TSParameterProperty', message: 'Declare the field and assign it.' },
];
const focused =
  'A test that is focused or left out makes the suite say less than it seems to. What a machine can not run is left out by scripts/test.mjs, which says why.';

export default tseslint.config(
  {
    ignores: [
      'out/',
      '**/dist/',
      'test-results/',
      'playwright-report/',
      '.cache/',
      '.demo/',
      'node_modules/',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  eslint.configs.recommended,

  // Programs of the house: plain JavaScript that runs before anything is installed.
  {
    files: ['**/*.mjs', '**/*.js', '**/*.cjs'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'process',
          'console',
          'Buffer',
          'URL',
          'AbortSignal',
          'Response',
          'fetch',
          'performance',
          'setTimeout',
          'clearTimeout',
          'setInterval',
          'clearInterval',
          'setImmediate',
          'require',
          'module',
        ].map((name) => [name, 'readonly']),
      ),
    },
    rules: { 'no-redeclare': ['error', { builtinGlobals: false }] },
  },

  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked, importX.flatConfigs.typescript],
    plugins: { 'import-x': importX },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    settings: { 'import-x/resolver-next': [createNodeResolver()] },
    rules: {
      'import-x/no-restricted-paths': ['error', { zones }],
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'import-x/no-extraneous-dependencies': 'error',
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // What implements an asynchronous interface need not wait for anything itself.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', caughtErrors: 'all', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/no-deprecated': 'error',
      eqeqeq: 'error',
      'no-restricted-syntax': ['error', ...erased],
    },
  },

  // The program itself.
  {
    files: ['src/**/*.ts', 'src/**/*.tsx', 'native/**/*.ts'],
    rules: {
      'no-console': 'error',
      'no-restricted-imports': ['error', { paths: [noIpc] }],
      'no-restricted-syntax': ['error', ...erased, noIpcMember],
    },
  },
  {
    // Only the desktop and the preload script know that there is Electron.
    files: ['src/**/*.ts', 'src/**/*.tsx', 'native/**/*.ts'],
    ignores: ['src/main/desktop/**', 'src/preload/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [
            { name: 'electron', message: 'Only src/main/desktop and src/preload know Electron.' },
            { name: 'electron/main', message: 'Only src/main/desktop knows Electron.' },
          ],
        },
      ],
    },
  },
  {
    files: ['src/main/desktop/ipc.ts', 'src/preload/preload.ts'],
    rules: { 'no-restricted-imports': 'off', 'no-restricted-syntax': ['error', ...erased] },
  },
  { files: ['src/cli/**/*.ts'], rules: { 'no-console': 'off' } },

  // The page: every word comes from the texts.
  {
    files: ['src/renderer/**/*.tsx'],
    extends: [reactHooks.configs.flat['recommended-latest']],
    plugins: { i18next },
    rules: {
      'i18next/no-literal-string': [
        'error',
        {
          mode: 'jsx-only',
          'jsx-attributes': {
            include: [
              'aria-label',
              'aria-description',
              'aria-roledescription',
              'aria-valuetext',
              'title',
              'alt',
              'placeholder',
              'label',
              'hint',
              'description',
              'validationMessage',
              'text',
              'content',
            ],
            exclude: [],
          },
          callees: { exclude: ['.*'] },
          words: { exclude: ['[0-9!-/:-@[-`{-~\\s·—–…×→]+'] },
          'should-validate-template': true,
          message: 'Words come from src/shared/texts, in three languages',
        },
      ],
    },
  },

  {
    files: ['test/**/*.ts', 'test/**/*.tsx'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...erased,
        {
          selector:
            ':matches(MemberExpression[object.name=/^(?:it|test|describe)$/], MemberExpression[object.property.name="describe"])[property.name=/^(?:only|skip|todo|fixme|skipIf)$/]',
          message: focused,
        },
      ],
    },
  },
  {
    // A test asserts what the compiler can not know; the programs under test/ are held to the same as src.
    files: ['test/unit/**', 'test/integration/**', 'test/e2e/**'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
);
