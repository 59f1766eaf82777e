import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asDer, secretFromText } from '#shared/bytes.ts';
import { bytesInMemory } from '#main/pki/cms/byte-source.ts';
import { readSignedData } from '#main/pki/cms/signed-data-reader.ts';
import { oids } from '#main/pki/oids.ts';
import { openKeyContainer } from '#main/pki/pkcs12.ts';
import { checkSignature } from '#main/signing/signature-check.ts';
import { signBatch } from '#main/signing/signing-batch.ts';
import { gostDialect } from '#test/bank/gost/dialects.ts';
import { gostPfx, password } from '#test/unit/pki/gost/gost-pfx.ts';
import { GostWorkshop, type EngineKey } from '../pki/gost/gost-workshop.ts';

let openssl: GostWorkshop;
const text = 'Платежное поручение № 17\n'.repeat(2000);
beforeAll(() => {
  openssl = new GostWorkshop();
  openssl.write('act.txt', text);
});
afterAll(() => openssl.remove());

const kinds: readonly (readonly [EngineKey, string, string])[] = [
  ['512-A', 'md_gost12_512', 'ГОСТ Р 34.11-2012 (512)'],
  ['256-A', 'md_gost12_256', 'ГОСТ Р 34.11-2012 (256)'],
  ['256-TCA', 'md_gost12_256', 'ГОСТ Р 34.11-2012 (256)'],
];

function certify(name: string, kind: EngineKey, hash: string): void {
  openssl.gostKey(name, kind);
  openssl.run(
    ...['req', '-x509', '-new', '-key', `${name}.key`, '-subj', `/CN=${name}`, '-days', '30'],
    ...[`-${hash}`, '-extensions', 'ee', '-out', `${name}.crt`],
  );
}
const check = (file: string, document?: string) =>
  checkSignature({
    file: openssl.path(file),
    document: document === undefined ? undefined : openssl.path(document),
    anchors: [openssl.der(file.split('.')[0] ?? '')],
    issuers: [],
    now: new Date(),
  });

describe("GOST, with OpenSSL's engine on the other side", () => {
  it.each(kinds)(
    'checks what the engine signed with %s, and sees a changed document',
    async (kind, hash, digest) => {
      const name = `they${kind}`;
      certify(name, kind, hash);
      openssl.run(
        ...['cms', '-sign', '-cades', '-binary', '-in', 'act.txt', '-signer', `${name}.crt`],
        ...['-inkey', `${name}.key`, '-md', hash, '-outform', 'DER', '-out', `${name}.p7s`],
      );
      expect(await check(`${name}.p7s`, 'act.txt')).toMatchObject({
        verdict: 'valid',
        signers: [{ digest, form: 'cades-bes' }],
      });
      openssl.write('other.txt', `${text}.`);
      expect(await check(`${name}.p7s`, 'other.txt')).toMatchObject({
        verdict: 'wrong',
        signers: [{ problem: 'document-changed' }],
      });
    },
  );

  it.each(kinds)('signs with a key file of kind %s what the engine accepts', async (kind, hash) => {
    const name = `we${kind}`;
    certify(name, kind, hash);
    openssl.run(
      ...['pkcs12', '-export', '-inkey', `${name}.key`, '-in', `${name}.crt`, '-passout', 'pass:PIN12345678'],
      ...['-keypbe', 'gost89', '-certpbe', 'gost89', '-macalg', hash, '-out', `${name}.pfx`],
    );
    const key = await openKeyContainer(openssl.read(`${name}.pfx`), secretFromText('PIN12345678'));
    for (const form of ['detached', 'attached'] as const) {
      openssl.write(`${name}.txt`, text);
      const { documents } = await signBatch({
        documents: [{ path: openssl.path(`${name}.txt`) }],
        form,
        signer: key,
        withKey: (work) => work((data) => key.sign(data)),
        now: () => new Date(),
      });
      const content = form === 'detached' ? ['-content', `${name}.txt`] : [];
      openssl.run(
        ...['cms', '-verify', '-cades', '-binary', '-in', documents[0]?.signatureFileName ?? ''],
        ...['-inform', 'DER', ...content, '-CAfile', `${name}.crt`, '-purpose', 'any', '-out', 'out'],
      );
      expect(new TextDecoder().decode(openssl.read('out'))).toBe(text);
    }
  });
});

describe('GOST of Kazakhstan', () => {
  it.each(gostDialect.options)(
    'a key file of %s signs in the layout of its own country and is checked',
    async (dialect) => {
      const { file, issuer } = gostPfx(dialect);
      const key = await openKeyContainer(file, secretFromText(password));
      const name = `${dialect}.txt`;
      writeFileSync(openssl.path(name), text);
      await signBatch({
        documents: [{ path: openssl.path(name) }],
        form: 'detached',
        signer: key,
        withKey: (work) => work((data) => key.sign(data)),
        now: () => new Date(),
      });
      const view = await checkSignature({
        file: openssl.path(`${name}.p7s`),
        document: openssl.path(name),
        anchors: [asDer(issuer)],
        issuers: [],
        now: new Date(),
      });
      expect(view).toMatchObject({ verdict: 'valid' });
      const { signers } = await readSignedData(bytesInMemory(openssl.read(`${name}.p7s`)));
      const attributes = [...(signers[0]?.signedAttributes?.keys() ?? [])];
      // KISC's clients write three attributes and no reference to the certificate; the NCA's write four.
      expect(attributes.includes(oids.signingCertificateV2)).toBe(key.algorithm !== 'gamma-2004');
      expect(attributes).toHaveLength(key.algorithm === 'gamma-2004' ? 3 : 4);
    },
  );
});
