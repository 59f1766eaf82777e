import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { concatBytes } from '#shared/bytes.ts';
import { encode, explicit, integer, oid, sequence, tag } from '#main/pki/asn1.ts';
import { bytesInMemory } from '#main/pki/cms/byte-source.ts';
import { CmsError } from '#main/pki/cms/cms-error.ts';
import { readSignedData } from '#main/pki/cms/signed-data-reader.ts';
import { checkSigner } from '#main/pki/cms/signer-check.ts';
import { checkTimestamp } from '#main/pki/timestamp/token.ts';
import { readTimestampAnswer } from '#main/pki/timestamp/request.ts';
import { oids } from '#main/pki/oids.ts';
import { ParallelDigests } from '#main/signing/document-digest.ts';
import { cms, goodParts } from './hand-made-cms.ts';
import { cases, patience } from '#test/unit/fuzz/fuzz.ts';
import { processorTimeOf } from '#test/support/processor-time.ts';
import { SigningDesk, sha256 } from './signing-desk.ts';

let desk: SigningDesk;
let samples: readonly Uint8Array[];
const document = new TextEncoder().encode('a document inside');
beforeAll(() => {
  desk = new SigningDesk();
  desk.openssl.write('a.txt', document);
  desk.opensslSign('a.txt', 'streamed.cms', '-nodetach', '-stream', '-cades');
  desk.opensslSign('a.txt', 'plain.cms', '-nodetach', '-cades');
  samples = [desk.openssl.read('streamed.cms'), desk.openssl.read('plain.cms')];
});
afterAll(() => desk.remove());

/** Reads and checks; what is read of the document goes into the answer. @returns `refused` where it is no signature */
async function look(
  bytes: Uint8Array,
): Promise<{ readonly faults: readonly unknown[]; readonly sha256: string } | 'refused'> {
  const content: Uint8Array[] = [];
  let digests: ParallelDigests | undefined;
  try {
    const read = await readSignedData(bytesInMemory(bytes), (announced) => {
      const running = new ParallelDigests(announced);
      digests = running;
      return (piece) => {
        running.update(piece);
        content.push(Uint8Array.from(piece));
      };
    });
    const known = digests?.end() ?? new Map<string, Uint8Array>();
    const { contentType, certificates } = read;
    const checked = await Promise.all(
      read.signers.map((signer) => checkSigner(signer, { contentType, digests: known, certificates })),
    );
    return { faults: checked.map(({ fault }) => fault), sha256: sha256(concatBytes(...content)) };
  } catch (error) {
    if (error instanceof CmsError) return 'refused';
    throw error;
  }
}

const indefinite = (identifier: number, ...content: readonly Uint8Array[]): Uint8Array =>
  concatBytes(Uint8Array.of(identifier, 0x80), ...content, Uint8Array.of(0, 0));
const nested = (depth: number, wrap: (inner: Uint8Array) => Uint8Array, core: Uint8Array): Uint8Array =>
  Array.from({ length: depth }).reduce<Uint8Array>((inner) => wrap(inner), core);
const around = (encapsulated: Uint8Array, ...rest: readonly Uint8Array[]): Uint8Array =>
  sequence(oid(oids.signedData), explicit(0, sequence(integer(1), encode(tag.set), encapsulated, ...rest)));

describe('a file made to do harm', () => {
  it(
    'with bytes exchanged, cut out or put in is refused or seen through, and brings nothing down',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(0, 1),
          fc.array(
            fc.record({
              at: fc.nat(4000),
              remove: fc.nat(6),
              insert: fc.uint8Array({ maxLength: 6 }),
            }),
            { minLength: 1, maxLength: 4 },
          ),
          async (which, changes) => {
            const good = samples[which] ?? document;
            const bytes = changes.reduce(
              (now, { at, remove, insert }) =>
                concatBytes(
                  now.subarray(0, at % now.length),
                  insert,
                  now.subarray((at % now.length) + remove),
                ),
              good,
            );
            const answer = await look(bytes);
            const isGood =
              answer !== 'refused' &&
              answer.faults.length > 0 &&
              answer.faults.every((one) => one === undefined);
            // Bytes that nobody signs, as the version, may change; the document may not.
            if (isGood) expect(answer.sha256).toBe(sha256(document));
          },
        ),
        { numRuns: cases },
      );
    },
    patience,
  );

  it(
    'of any bytes at all is refused',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
          expect(await look(bytes)).toBe('refused');
          expect(await checkTimestamp(bytes, document)).toEqual({ fault: 'unreadable' });
          expect(readTimestampAnswer(bytes).outcome).not.toBe('granted');
        }),
        { numRuns: cases },
      );
    },
    patience,
  );

  const content = (octets: Uint8Array): Uint8Array => sequence(oid(oids.data), explicit(0, octets));
  it.each([
    [
      'strings within strings without end',
      () => around(content(nested(5000, (inner) => indefinite(0x24, inner), new Uint8Array()))),
    ],
    [
      'certificates nested without end',
      () =>
        around(
          content(encode(tag.octetString)),
          nested(5000, (inner) => indefinite(0xa0, inner), new Uint8Array()),
        ),
    ],
    [
      'revocation lists nested without end',
      () =>
        around(
          content(encode(tag.octetString)),
          nested(5000, (inner) => indefinite(0xa1, inner), new Uint8Array()),
        ),
    ],
    [
      'a length beyond the file',
      () => concatBytes(Uint8Array.of(0x30, 0x86, 0x0f, 0xff, 0xff, 0xff, 0xff, 0xff), document),
    ],
    ['a length of seven bytes', () => Uint8Array.of(0x30, 0x87, 0, 0, 0, 0, 0, 0, 1, 0)],
    [
      'an end that never comes',
      () => concatBytes(Uint8Array.of(0x30, 0x80), oid(oids.signedData), Uint8Array.of(0xa0, 0x80)),
    ],
    [
      'two megabytes of certificates',
      () =>
        around(
          content(encode(tag.octetString)),
          encode(tag.context(0), new Uint8Array(2_000_000)),
          encode(tag.set),
        ),
    ],
    [
      'a thousand signers',
      () => {
        const good = goodParts(desk, document);
        const one = cms(good);
        const signerInfos = one.subarray(Buffer.from(one).lastIndexOf(Buffer.from(good.signerId)) - 7);
        return around(
          content(encode(tag.octetString)),
          encode(tag.set, ...Array.from({ length: 1000 }, () => signerInfos)),
        );
      },
    ],
  ])('with %s is refused at once', async (_, make) => {
    const file = make();
    const spent = await processorTimeOf(async () => expect(await look(file)).toBe('refused'));
    expect(spent).toBeLessThan(2000);
  });
});
