import { beforeAll, describe, it } from 'vitest';
import { secretFromText } from '#shared/bytes.ts';
import { isKiltError } from '#shared/errors.ts';
import { concatBytes } from '#shared/bytes.ts';
import { explicit, integer, octetString, oid, sequence, setOf } from '#main/pki/asn1.ts';
import { openKeyContainer } from '#main/pki/pkcs12.ts';
import { privateKeyInfo } from '#test/bank/gost/key-pair.ts';
import { gostPfx, password } from '../pki/gost/gost-pfx.ts';
import { cases, parserWithstands, patience } from './fuzz.ts';
import { damaged } from './mutations.ts';

const pkcs7Data = '1.2.840.113549.1.7.1';
const bags = '1.2.840.113549.1.12.10.1';

/** Without MAC and encryption, so that damage goes deeper than the check of the password. */
function openContainer({
  key,
  certificate,
}: Pick<ReturnType<typeof gostPfx>, 'key' | 'certificate'>): Uint8Array {
  const x509 = sequence(oid('1.2.840.113549.1.9.22.1'), explicit(0, octetString(certificate)));
  const attributes = setOf(sequence(oid('1.2.840.113549.1.9.21'), setOf(octetString(Uint8Array.of(1)))));
  const safe = sequence(
    sequence(oid(`${bags}.1`), explicit(0, privateKeyInfo(key)), attributes),
    sequence(oid(`${bags}.3`), explicit(0, x509), attributes),
  );
  const data = (content: Uint8Array) => sequence(oid(pkcs7Data), explicit(0, octetString(content)));
  return sequence(integer(3), data(sequence(data(safe))));
}

describe(`damaged key containers, ${cases} cases each`, () => {
  let pfx: ReturnType<typeof gostPfx>;
  let secrets: readonly string[];
  const isExpected = (error: unknown): boolean =>
    isKiltError(error, 'key-container-wrong') || isKiltError(error, 'key-container-unsupported');
  const open = async (file: Uint8Array) => (await openKeyContainer(file, secretFromText(password))).dispose();
  beforeAll(() => {
    pfx = gostPfx('gamma-2004', '3des');
    secrets = [password, pfx.key.secret, Buffer.from(privateKeyInfo(pfx.key)).toString('base64')];
  });

  it(
    'nothing in them is encrypted',
    async () => {
      const file = openContainer(pfx);
      await open(file);
      await parserWithstands(damaged(file), open, { isExpected, secrets });
    },
    patience,
  );

  it(
    'with password and MAC',
    async () => {
      await parserWithstands(damaged(pfx.file, gostPfx('kz-2015-256', 'aes').file), open, {
        isExpected,
        secrets,
      });
    },
    patience,
  );

  it(
    'with the wrong password',
    async () => {
      const wrong = async (file: Uint8Array) =>
        (await openKeyContainer(file, secretFromText('ABCDEFGHJK3'))).dispose();
      const file = concatBytes(pfx.file);
      await parserWithstands(damaged(file), wrong, { isExpected, secrets: [...secrets, 'ABCDEFGHJK3'] });
    },
    patience,
  );
});
