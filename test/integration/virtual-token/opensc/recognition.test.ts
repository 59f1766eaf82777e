import { expect, it } from 'vitest';

import { onBothTokens, SERIAL } from '../conformance.ts';

const answerToReset = {
  kaztoken: '3b:88:01:4b:41:5a:54:4f:4b:45:4e:82',
  rutoken: '3b:8b:01:52:75:74:6f:6b:65:6e:20:45:43:50:a0',
} as const;

onBothTokens('OpenSC takes the token for a real one', { profile: 'default-pins' }, (token) => {
  it('has the answer to reset that was asked for', async () => {
    const { stdout } = await token.bench.must('opensc-tool', '--atr');
    expect(stdout).toContain(answerToReset[token.atr]);
  });

  it('is given to the driver of its family', async () => {
    const { stdout } = await token.bench.must('opensc-tool', '--name');
    expect(stdout.trim()).toBe(token.atr === 'rutoken' ? 'Rutoken ECP' : 'Kaztoken');
  });

  it('tells its serial number', async () => {
    const { stdout } = await token.bench.must('opensc-tool', '--serial');
    const bytes = SERIAL.match(/../g)?.join(' ') ?? '';
    expect(stdout).toContain(`00 00 00 00 ${bytes}`);
  });

  it('lists all 16 files of the vendor’s tree, PINs included', async () => {
    const { stdout } = await token.bench.must('opensc-tool', '--list-files');
    expect(stdout.match(/ type: /g)).toHaveLength(16);
    expect(stdout).toContain('3f0010001001' + '8002');
    expect(stdout).toContain('3f000002');
  });
});
