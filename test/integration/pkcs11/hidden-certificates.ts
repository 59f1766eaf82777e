import { factoryPin } from '#test/support/world.ts';
import type { OpenscLibrary } from './opensc.ts';

/**
 * Leaves a token's certificates where OpenSC's library looks for them and Kilt does not, as in the layout of a token's
 * maker: their directory becomes one of «useful certificates» in a file of its own (PKCS#15 v1.1 §6.2).
 */
export async function hideCertificates({ bench }: OpenscLibrary): Promise<void> {
  const script = (...lines: string[]): string =>
    bench.write(
      'script',
      [`verify CHV2:${Buffer.from(factoryPin).toString('hex')}`, 'cd 5000', ...lines, 'quit', ''].join('\n'),
    );
  await bench.must('opensc-explorer', script('get 5031 odf', 'get 6004 cdf'));
  const directories = Buffer.from(bench.read('odf'));
  const reference = directories.indexOf(Buffer.from('a40a300804063f0050006004', 'hex'));
  if (reference < 0) throw new Error(`no certificates in ${directories.toString('hex')}`);
  directories[reference] = 0xa6;
  directories[reference + 11] = 0x14;
  bench.write('odf', directories);
  await bench.must(
    'opensc-explorer',
    script('create 6014 2048', 'put 6014 cdf', 'put 5031 odf', 'delete 6004'),
  );
}
