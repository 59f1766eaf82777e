import { afterAll, beforeAll, describe, it } from 'vitest';
import {
  berToDer,
  DerError,
  DerReader,
  parseDer,
  readBoolean,
  readInteger,
  readNamedBits,
  readOid,
  readSmallInteger,
  readText,
  readTime,
  readWholeBytes,
  type DerValue,
} from '#main/pki/asn1.ts';
import { parseCertificate } from '#main/pki/certificate.ts';
import { attributeTexts } from '#main/pki/distinguished-name.ts';
import { oids } from '#main/pki/oids.ts';
import { OpensslWorkshop } from '../pki/openssl-workshop.ts';
import { gostPfx } from '../pki/gost/gost-pfx.ts';
import { cases, parserWithstands, patience } from './fuzz.ts';
import { damaged } from './mutations.ts';

const isExpected = (error: unknown): boolean => error instanceof DerError;
const readers = [
  readBoolean,
  readInteger,
  readSmallInteger,
  readNamedBits,
  readOid,
  readText,
  readTime,
  readWholeBytes,
];

/** Reads whatever there is as everything that it might be. */
function readAll(value: DerValue, depth = 0): void {
  for (const read of readers) {
    try {
      read(value);
    } catch (error) {
      if (!isExpected(error)) throw error;
    }
  }
  if (depth > 200) return;
  const inside = new DerReader(value.content);
  while (!inside.atEnd) readAll(inside.any(), depth + 1);
}

describe(`damaged ASN.1, ${cases} cases each`, () => {
  const openssl = new OpensslWorkshop();
  let files: readonly Uint8Array[];
  beforeAll(() => {
    openssl.ecKey('root');
    openssl.root('root', '/C=KZ/O=Demo/CN=Корневой центр');
    openssl.rsaKey('leaf');
    openssl.certificate('leaf', 'root', '/C=KZ/UID=qq111111_demo/CN=ТОО «Ромашка»');
    files = [openssl.der('root'), openssl.der('leaf'), gostPfx('gamma-2004').certificate];
  });
  afterAll(() => openssl.remove());

  it(
    'values',
    () => parserWithstands(damaged(...files), (bytes) => readAll(parseDer(bytes)), { isExpected }),
    patience,
  );

  it('BER', () => parserWithstands(damaged(...files), berToDer, { isExpected }), patience);

  it(
    'certificates',
    () =>
      parserWithstands(
        damaged(...files),
        (bytes) => attributeTexts(parseCertificate(bytes).subjectName, oids.userId),
        { isExpected },
      ),
    patience,
  );
});
