import { beforeAll, describe, it } from 'vitest';
import { asDer, fromHex } from '#shared/bytes.ts';
import { isKiltError } from '#shared/errors.ts';
import { parseFileControl } from '#main/token/file-control.ts';
import { applicationCodec } from '#main/token/pkcs15/application-entry.ts';
import { certificateCodec } from '#main/token/pkcs15/certificate-entry.ts';
import { dataCodec } from '#main/token/pkcs15/data-entry.ts';
import { DerError } from '#main/token/pkcs15/der.ts';
import { parseEntryFile, planAppend, planRemoval } from '#main/token/pkcs15/entry-file.ts';
import { privateKeyCodec, publicKeyCodec } from '#main/token/pkcs15/key-entries.ts';
import { directoryCodec } from '#main/token/pkcs15/object-directory.ts';
import { pinCodec } from '#main/token/pkcs15/pin-entry.ts';
import {
  changeTokenInformation,
  isMarkedUnfinished,
  parseTokenInformation,
} from '#main/token/pkcs15/token-information.ts';
import { derOf, insert, insertAsUser, keyPair, newCard, storedFiles } from '../token/virtual-token-world.ts';
import { cases, parserWithstands, patience } from './fuzz.ts';
import { damaged } from './mutations.ts';

const codecs = [
  applicationCodec,
  certificateCodec,
  dataCodec,
  directoryCodec,
  pinCodec,
  privateKeyCodec,
  publicKeyCodec,
];
const isExpected = (error: unknown): boolean =>
  isKiltError(error, 'token-layout-damaged') ||
  isKiltError(error, 'token-answer-unexpected') ||
  isKiltError(error, 'token-memory-full') ||
  isKiltError(error, 'input-invalid');

/** A directory file in all that is done with one: read, added to, taken from. */
function useDirectory(bytes: Uint8Array): void {
  const file = parseEntryFile(bytes, bytes.length, 'CDF');
  for (const { element } of file.entries) {
    for (const codec of codecs) {
      try {
        codec.decode(element);
      } catch (error) {
        if (!(error instanceof DerError)) throw error;
      }
    }
  }
  planRemoval(file, ({ element }) => element.raw.length % 2 === 0);
  planAppend(file, fromHex('3003020101'));
}

describe(`damaged PKCS#15 files, ${cases} cases each`, () => {
  let directories: readonly Uint8Array[];
  let information: Uint8Array;
  let controls: readonly Uint8Array[];

  /** As Kilt leaves them on a token with a key, a certificate and a data object. */
  beforeAll(async () => {
    const card = newCard({ profile: 'formatted' });
    const { session } = await insertAsUser(card);
    await session.generateRsaKeyPair(keyPair);
    await session.storeCertificate({ id: keyPair.id, label: 'Signature', der: asDer(derOf(400, 7)) });
    await session.writeDataObject({ application: 'Kilt', label: 'profile', content: Uint8Array.of(1) });
    await session.end();
    const files = storedFiles(card.snapshot()).flatMap(({ path, file }) =>
      file.type === 'data' ? [{ path, bytes: new Uint8Array(Buffer.from(file.content, 'base64')) }] : [],
    );
    const withoutZeros = (bytes: Uint8Array) => bytes.slice(0, bytes.findLastIndex((byte) => byte !== 0) + 9);
    directories = files.map(({ bytes }) => withoutZeros(bytes)).filter((bytes) => bytes.length > 9);
    information = files.find(({ path }) => path.endsWith('/5032'))?.bytes ?? new Uint8Array();
    const { transport } = await insert(card);
    const controlOf = async (select: string) => (await transport.transmit(fromHex(select))).slice(0, -2);
    controls = [await controlOf('00A4080002500000'), await controlOf('00A40800045000503200')];
  });

  it('directories', () => parserWithstands(damaged(...directories), useDirectory, { isExpected }), patience);

  it(
    'TokenInfo',
    () =>
      parserWithstands(
        damaged(information),
        (bytes) => {
          isMarkedUnfinished(bytes);
          parseTokenInformation(bytes);
          changeTokenInformation(bytes, { label: 'Тіркеу', lastUpdate: new Date() });
        },
        { isExpected },
      ),
    patience,
  );

  it(
    'file control templates',
    () => parserWithstands(damaged(...controls), parseFileControl, { isExpected }),
    patience,
  );
});
