const mark = { passed: 'ok', failed: 'FAILED' };
const LONGEST_COMMAND = 100;

/**
 * What OpenSC said of the virtual token, from vitest's JSON report: a line for each check, a column for each answer to
 * reset, and the commands by which it was found.
 *
 * @param report as text
 * @param options.whole every command in full, a line each
 * @returns lines
 */
export function openscTable(report, { whole = false } = {}) {
  const subjects = subjectsOf(JSON.parse(report));
  const atrs = [
    ...new Set(subjects.flatMap(({ checks }) => checks.flatMap(({ results }) => [...results.keys()]))),
  ].sort();
  const width = 4 + Math.max(...subjects.flatMap(({ checks }) => checks.map(({ title }) => title.length)));
  const columns = atrs.map((atr) => atr.length + 2);
  const row = (first, cells, command) =>
    [first.padEnd(width), ...cells.map((cell, at) => cell.padEnd(columns[at])), command].join('').trimEnd();
  return [
    row('check', atrs, 'commands'),
    ...subjects.flatMap(({ title, checks }) => [
      '',
      title,
      ...checks.flatMap(({ title: check, results, commands }) => {
        const cells = atrs.map((atr) => mark[results.get(atr)] ?? 'not run');
        if (!whole) return [row(`  ${check}`, cells, inShort(commands))];
        return [
          row(`  ${check}`, cells, ''),
          ...commands.map((command) => `      ${command.map(quoted).join(' ')}`),
        ];
      }),
    ]),
  ];
}

/** Subjects in the order of their files, checks in the order in which they were run, both answers to reset together. */
function subjectsOf({ testResults }) {
  const subjects = new Map();
  const files = testResults.toSorted((one, other) => (one.name < other.name ? -1 : 1));
  for (const test of files.flatMap(({ assertionResults }) => assertionResults)) {
    const [subject, , atr] = [
      test.ancestorTitles[0],
      ...(/^ATR (\S+)$/.exec(test.ancestorTitles[1] ?? '') ?? []),
    ];
    if (atr === undefined) continue;
    const checks = subjects.get(subject) ?? new Map();
    subjects.set(subject, checks);
    const check = checks.get(test.title) ?? { title: test.title, results: new Map(), commands: [] };
    checks.set(test.title, check);
    check.results.set(atr, test.status);
    if (check.commands.length === 0) check.commands = test.meta?.commands ?? [];
  }
  return [...subjects].map(([title, checks]) => ({ title, checks: [...checks.values()] }));
}

/** Program and what it was to do; the same thing several times is shown once, power off and on not at all. */
function inShort(commands) {
  const asked = commands.filter(([, action]) => action !== '--reset=cold');
  const done = asked.map(([program, ...args]) => {
    const [action = '', value = ''] = args;
    const wanted =
      action.startsWith('-') && (value === '' || value.startsWith('-')) ? action : `${action} ${value}`;
    return `${program} ${wanted}`.trim();
  });
  const text = [...new Set(done)]
    .map((command) => {
      const times = done.filter((other) => other === command).length;
      return times > 1 ? `${command} (${times}×)` : command;
    })
    .join(', ');
  return text.length <= LONGEST_COMMAND ? text : `${text.slice(0, LONGEST_COMMAND - 1)}…`;
}

const quoted = (word) => (/^[\w./:=,@-]+$/.test(word) ? word : `'${word}'`);
