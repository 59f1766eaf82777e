import { execFile, execFileSync } from 'node:child_process';
import { createHash, createPrivateKey } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { asDer, secretFromText } from '#shared/bytes.ts';
import { Kilt } from '#main/kilt.ts';
import { keyObjectSigner } from '#main/pki/key-object-signer.ts';
import { readPrivateKeyInfo } from '#main/pki/rsa-private-key.ts';
import { signBatch } from '#main/signing/signing-batch.ts';
import { PcscAccess } from '#main/token/pcsc-access.ts';
import { importableKey } from '#test/integration/virtual-token/importable-key.ts';
import { OpenscBench } from '#test/integration/virtual-token/opensc-bench.ts';
import { eventually } from '#test/support/eventually.ts';
import { cardWork, traceLines } from './card-trace.ts';
import { compare, takePairs, type Comparison } from './median.ts';

/**
 * Signing a gigabyte against `openssl cms -sign`, and many small documents with a token against OpenSC's tools on the same
 * virtual token. Writes one line of JSON.
 */
export interface SigningResult {
  /** Bytes a second. */
  readonly large: Comparison;
  /** What Kilt's process grew by while it signed the gigabyte. */
  readonly extraMegabytes: number;
  /** Documents a second. */
  readonly againstPkcs15Crypt: Comparison;
  readonly againstPkcs11Tool: Comparison;
  /** Of one signature within a batch, login and reading of the token spread over all: everything but the card. */
  readonly ownMilliseconds: number;
  readonly cardMilliseconds: number;
}

const largeBytes = 1024 ** 3;
const documents = 200;
/** OpenSC's tools need a program for each; their rate is that of a few. */
const documentsOfOpensc = 10;
const pin = '12345678';
const keyId = '45';

const run = promisify(execFile);
const folder = mkdtempSync(path.join(tmpdir(), 'kilt-bench-signing-'));
const at = (name: string): string => path.join(folder, name);
const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });

writeFileSync(at('key.pem'), importableKey(2048));
openssl(
  ...[
    'req',
    '-x509',
    '-new',
    '-key',
    'key.pem',
    '-subj',
    '/CN=bench',
    '-days',
    '2',
    '-out',
    'certificate.pem',
  ],
  ...['-addext', 'keyUsage=critical,digitalSignature,nonRepudiation'],
);
openssl('x509', '-in', 'certificate.pem', '-outform', 'DER', '-out', 'certificate.der');
const certificate = asDer(new Uint8Array(readFileSync(at('certificate.der'))));

try {
  const { large, extraMegabytes } = await largeDocument();
  console.log(JSON.stringify({ large, extraMegabytes, ...(await smallDocuments()) } satisfies SigningResult));
} finally {
  rmSync(folder, { recursive: true });
}

async function largeDocument(): Promise<Pick<SigningResult, 'large' | 'extraMegabytes'>> {
  const file = openSync(at('large.bin'), 'w');
  const piece = createHash('shake256', { outputLength: 1024 ** 2 })
    .update('large')
    .digest();
  for (let written = 0; written < largeBytes; written += piece.length) writeSync(file, piece);
  closeSync(file);
  const key = keyObjectSigner(createPrivateKey(readFileSync(at('key.pem'))));
  const signer = { ...key, certificate, chain: [] };
  const byKilt = async (): Promise<number> => {
    rmSync(at('large.bin.p7s'), { force: true });
    const started = performance.now();
    const { documents: signed } = await signBatch({
      documents: [{ path: at('large.bin') }],
      form: 'detached',
      signer,
      withKey: (work) => work((data) => key.sign(data)),
      now: () => new Date(),
    });
    if (signed[0]?.outcome !== 'signed') throw new Error('not signed');
    return largeBytes / ((performance.now() - started) / 1000);
  };
  const byOpenssl = async (): Promise<number> => {
    const started = performance.now();
    const files = ['-in', 'large.bin', '-signer', 'certificate.pem', '-inkey', 'key.pem'];
    const args = [
      'cms',
      '-sign',
      '-binary',
      '-md',
      'sha256',
      '-cades',
      ...files,
      '-outform',
      'DER',
      '-out',
      'other.p7s',
    ];
    await run('openssl', args, { cwd: folder });
    return largeBytes / ((performance.now() - started) / 1000);
  };
  const before = process.memoryUsage().rss;
  await byKilt();
  const extraMegabytes = Math.max(0, Math.round(process.resourceUsage().maxRSS / 1024 - before / 1024 ** 2));
  const pairs = await takePairs(
    5,
    performance.now() + 40_000,
    async () => [await byKilt(), await byOpenssl()] as const,
  );
  rmSync(at('large.bin'));
  return { large: compare(pairs), extraMegabytes };
}

async function smallDocuments(): Promise<Omit<SigningResult, 'large' | 'extraMegabytes'>> {
  const bench = await OpenscBench.start(['--profile', 'formatted', '--atr', 'rutoken']);
  const kilt = new Kilt({ dataFolder: at('data'), access: new PcscAccess() });
  await kilt.start();
  try {
    await eventually(() => kilt.tokensView().tokens.some(({ state }) => state === 'ready'));
    const tokenId = kilt.tokensView().tokens[0]?.id ?? '';
    await storeKey(kilt, tokenId);
    const names = Array.from({ length: documents }, (_, i) => at(`document-${i}.txt`));
    for (const name of names) writeFileSync(name, `document ${name}`);
    const batch = async (count: number): Promise<{ rate: number; signing: number; inCard: number }> => {
      for (const name of names) rmSync(`${name}.p7s`, { force: true });
      const traced = traceLines(bench.traceText()).length;
      const secret = secretFromText(pin);
      const started = performance.now();
      const stages = new Map<string, number>();
      const view = await kilt.signing.signWithToken(
        { tokenId, pin: secret },
        {
          documents: names.slice(0, count).map((file) => ({ path: file })),
          form: 'detached',
          origin: 'command-line',
          onProgress: ({ stage, done }) => void stages.set(`${stage} ${done}`, performance.now()),
        },
      );
      const milliseconds = performance.now() - started;
      // From the login to the last signature; files are read before and written after.
      const signing = (stages.get(`signing ${count}`) ?? 0) - (stages.get(`reading ${count}`) ?? 0);
      if (!view.documents.every(({ outcome }) => outcome === 'signed')) throw new Error('not all signed');
      const { secondsInCard } = cardWork(traceLines(bench.traceText()).slice(traced));
      return { rate: count / (milliseconds / 1000), signing, inCard: 1000 * secondsInCard };
    };
    const perDocument = async (work: (name: string, out: string) => Promise<unknown>): Promise<number> => {
      const started = performance.now();
      for (let i = 0; i < documentsOfOpensc; i += 1) await work(names[i] ?? '', at(`out-${i}`));
      return documentsOfOpensc / ((performance.now() - started) / 1000);
    };
    const environment = { ...process.env, OPENSC_CONF: bench.path('opensc.conf') };
    const tool = (name: string, ...args: string[]) => run(name, args, { env: environment });
    const crypt = () =>
      perDocument(async (name, out) => {
        writeFileSync(`${out}.hash`, createHash('sha256').update(readFileSync(name)).digest());
        await tool(
          'pkcs15-crypt',
          ...['--sign', '--key', keyId, '--pkcs1', '--sha-256', '--raw', '--pin', pin],
          ...['--input', `${out}.hash`, '--output', out],
        );
      });
    const pkcs11 = () =>
      perDocument((name, out) =>
        tool(
          'pkcs11-tool',
          ...['--sign', '--mechanism', 'SHA256-RSA-PKCS', '--id', keyId, '--login', '--pin', pin],
          ...['--input-file', name, '--output-file', out],
        ),
      );
    const until = (): number => performance.now() + 25_000;
    let last = await batch(documents);
    const pair = (other: () => Promise<number>) => async () => {
      last = await batch(documents);
      return [last.rate, await other()] as const;
    };
    const againstPkcs15Crypt = compare(await takePairs(3, until(), pair(crypt)));
    const againstPkcs11Tool = compare(await takePairs(3, until(), pair(pkcs11)));
    const round = (milliseconds: number): number => Math.round(100 * (milliseconds / documents)) / 100;
    return {
      againstPkcs15Crypt,
      againstPkcs11Tool,
      ownMilliseconds: round(last.signing - last.inCard),
      cardMilliseconds: round(last.inCard),
    };
  } finally {
    await kilt.stop();
    await bench.stop();
  }
}

/** The key of the certificate, as Kilt's import would write it. */
async function storeKey(kilt: Kilt, tokenId: string): Promise<void> {
  const pkcs8 = createPrivateKey(readFileSync(at('key.pem'))).export({ format: 'der', type: 'pkcs8' });
  const key = readPrivateKeyInfo(new Uint8Array(pkcs8));
  if (key.kind !== 'rsa') throw new Error('not an RSA key');
  await kilt.tokens.withSession(tokenId, async (session) => {
    await session.login('user', secretFromText(pin));
    await session.importRsaKeyPair({
      id: keyId,
      label: 'bench',
      usage: ['sign', 'nonRepudiation'],
      key: key.numbers,
    });
    await session.storeCertificate({ id: keyId, label: 'bench', der: certificate });
  });
  await eventually(() => kilt.signing.keys(tokenId).length === 1);
}
