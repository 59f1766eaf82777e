/** Every deed in words and as the JSON object it stands for. Held against the schemas by a test. */
export const examples: readonly (readonly [words: string, json: string])[] = [
  ['remove', '{"do":"remove"}'],
  ['insert', '{"do":"insert"}'],
  ['remove --before verify', '{"do":"remove","when":"before","command":"VERIFY"}'],
  [
    'remove --after create --nth 2 --back-after 3',
    '{"do":"remove","when":"after","command":"CREATE","nth":2,"backAfter":3}',
  ],
  ['remove --before any --nth 40', '{"do":"remove","when":"before","nth":40}'],
  ['answer 6A84 --on create', '{"do":"answer","statusWord":"6A84","command":"CREATE"}'],
  ['answer 6F00 --after --on sign', '{"do":"answer","statusWord":"6F00","when":"after","command":"SIGN"}'],
  ['delay 3000 --on select --times 5', '{"do":"delay","milliseconds":3000,"command":"SELECT","times":5}'],
  ['delay 100 --times always', '{"do":"delay","milliseconds":100,"times":"always"}'],
  ['garble garbage --on read', '{"do":"garble","how":"garbage","command":"READ"}'],
  ['garble short --nth 7', '{"do":"garble","how":"short","nth":7}'],
  ['tear --on update', '{"do":"tear","command":"UPDATE"}'],
  ['tear --on create --bytes 10 --stays', '{"do":"tear","command":"CREATE","bytes":10,"then":"stays"}'],
  ['keygen 300', '{"do":"keygen","seconds":300}'],
  ['swap /tmp/other.json', '{"do":"swap","state":"/tmp/other.json"}'],
  ['new nearly-full', '{"do":"new","card":{"profile":"nearly-full"}}'],
  ['reader gone', '{"do":"reader","is":"gone"}'],
  ['reader back', '{"do":"reader","is":"back"}'],
  ['disarm', '{"do":"disarm"}'],
  ['disarm 2', '{"do":"disarm","id":2}'],
  ['status', '{"do":"status"}'],
];

/** For the help page. */
export function controlExamples(): string {
  const width = Math.max(...examples.map(([words]) => words.length));
  const lines = examples.map(([words, json]) => `  ${words.padEnd(width)}  ${json}`);
  return [
    'Examples, in words and as JSON:',
    '',
    ...lines,
    '',
    'With npm: npm run virtual-token -- control --port 40001 remove --before verify',
  ].join('\n');
}
