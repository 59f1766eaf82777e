import { execFile, execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { algorithmWithNull, readAlgorithm } from '#main/pki/algorithm-identifier.ts';
import { parseDer } from '#main/pki/asn1.ts';
import { secretFromText } from '#shared/bytes.ts';
import { gostDigest, type GostHashKind } from '#main/pki/gost/gost-hash.ts';
import { gost341195 } from '#main/pki/gost/gost341195.ts';
import { streebog256, streebog512 } from '#main/pki/gost/streebog.ts';
import { oids } from '#main/pki/oids.ts';
import { openKeyContainer } from '#main/pki/pkcs12.ts';
import { verifySignature } from '#main/pki/signature.ts';
import { GostWorkshop, type EngineKey } from '#test/integration/pki/gost/gost-workshop.ts';
import { gostPfx, password } from '#test/unit/pki/gost/gost-pfx.ts';
import { compare, takePairs, type Comparison } from './median.ts';

/**
 * GOST signatures and hashes of Kilt against OpenSSL's GOST engine, in turn, on one thread each: signatures of 32 bytes
 * with a Kazakh key of the same curve as the engine's, and the hashes of the same bytes. Writes one line of JSON.
 */
export interface GostResult {
  /** Operations a second. */
  readonly sign512: Comparison;
  readonly sign256: Comparison;
  readonly verify512: Comparison;
  readonly verify256: Comparison;
  /** Bytes a second. */
  readonly streebog512: Comparison;
  readonly streebog256: Comparison;
  readonly hash341195: Comparison;
}

const PAIRS = 3;
/** Of one side of a pair. */
const SECONDS = 0.7;
/** When this time is over, no other pair of a row is begun. */
const SECONDS_OF_ROW = 12;

const run = promisify(execFile);
const workshop = new GostWorkshop();
const engine = workshop.path('gost-engine');

/** How often a second `work` can be done. */
async function rate(work: () => Promise<unknown>): Promise<number> {
  let done = 0;
  const started = performance.now();
  do {
    await work();
    done += 1;
  } while (performance.now() - started < 1000 * SECONDS);
  return done / ((performance.now() - started) / 1000);
}

async function ofEngine(...args: readonly string[]): Promise<number> {
  const { stdout } = await run(engine, [...args, String(SECONDS)], {
    cwd: workshop.directory,
    env: workshop.environment,
  });
  return Number(stdout);
}

async function row(kilt: () => Promise<number>, other: () => Promise<number>): Promise<Comparison> {
  // Warms up, and lets the engine's tables and Kilt's be made.
  await kilt();
  const until = performance.now() + 1000 * SECONDS_OF_ROW;
  return compare(await takePairs(PAIRS, until, async () => [await kilt(), await other()] as const));
}

async function signatures(bits: '256' | '512', engineKey: EngineKey) {
  const { file } = gostPfx(`kz-2015-${bits}`);
  const signer = await openKeyContainer(file, secretFromText(password));
  const data = randomBytes(32);
  const signature = await signer.sign(data);
  const signatureOid = bits === '512' ? oids.gostKz2015Signature512 : oids.gostKz2015Signature256;
  const signed = {
    algorithm: readAlgorithm(parseDer(algorithmWithNull(signatureOid))),
    publicKeyInfo: signer.publicKeyInfo,
    data,
    signature,
  };
  const digest = `md_gost12_${bits}`;
  workshop.gostKey(engineKey, engineKey);
  return {
    sign: await row(
      () => rate(() => signer.sign(data)),
      () => ofEngine('sign', `${engineKey}.key`, digest),
    ),
    verify: await row(
      () =>
        rate(async () => {
          if ((await verifySignature(signed)) !== 'valid')
            throw new Error('a signature of Kilt’s is not valid');
        }),
      () => ofEngine('verify', `${engineKey}.key`, digest),
    ),
  };
}

function hash(kind: GostHashKind, name: string): Promise<Comparison> {
  const piece = new Uint8Array(2 ** 18);
  const bytes = async (): Promise<number> =>
    piece.length * (await rate(() => Promise.resolve(gostDigest(kind, piece))));
  return row(bytes, () => ofEngine('hash', name));
}

try {
  execFileSync('cc', ['-O2', '-o', engine, 'test/bench/gost-engine.c', '-l:libcrypto.so.3']);
  const of512 = await signatures('512', '512-A');
  const of256 = await signatures('256', '256-TCA');
  const result: GostResult = {
    sign512: of512.sign,
    sign256: of256.sign,
    verify512: of512.verify,
    verify256: of256.verify,
    streebog512: await hash(streebog512, 'md_gost12_512'),
    streebog256: await hash(streebog256, 'md_gost12_256'),
    hash341195: await hash(gost341195, 'md_gost94'),
  };
  console.log(JSON.stringify(result));
} finally {
  workshop.remove();
}
