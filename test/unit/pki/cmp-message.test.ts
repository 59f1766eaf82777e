import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { secretFromText, toHex, type DerBytes } from '#shared/bytes.ts';
import { DerError, parseDer } from '#main/pki/asn1.ts';
import { buildRequestBody } from '#main/pki/cmp/body.ts';
import {
  buildCertificateRequest,
  parseCertificateRequest,
  verifyProofOfPossession,
} from '#main/pki/cmp/certificate-request.ts';
import { buildMessage, freshNonce, parseMessage, type PkiMessage } from '#main/pki/cmp/message.ts';
import {
  macProtector,
  protectionKind,
  signatureProtector,
  verifyMac,
  verifyMessageSignature,
} from '#main/pki/cmp/protection.ts';
import { encodeStatus, failureNames, pkiStatuses, readStatus } from '#main/pki/cmp/status.ts';
import { distinguishedName, nameText, parseCertificate } from '#main/pki/x509.ts';
import { fileSigner, pin } from './cmp-authority.ts';
import { OpensslWorkshop } from './openssl-workshop.ts';

const openssl = new OpensslWorkshop();
const secret = secretFromText(pin);

/** What the openssl client and its built-in CA say to each other, one file a message. */
function opensslTalk(
  name: string,
  ...options: readonly string[]
): Record<'ir' | 'ip' | 'certConf' | 'pkiConf', PkiMessage> {
  openssl.run(
    ...['cmp', '-cmd', 'ir', '-use_mock_srv', '-newkey', 'user.key', '-subject', '/C=KZ/CN=User 1'],
    ...['-recipient', '/C=KZ/CN=Demo CA', '-rsp_cert', 'user.crt', '-out_trusted', 'ca.crt'],
    ...['-certout', `${name}.out`, '-reqout', `${name}.ir,${name}.conf`],
    ...['-rspout', `${name}.ip,${name}.pki`, ...options],
  );
  const read = (part: string) => parseMessage(openssl.read(`${name}.${part}`));
  return { ir: read('ir'), ip: read('ip'), certConf: read('conf'), pkiConf: read('pki') };
}

const byPin = ['-ref', '00012345', '-secret', `pass:${pin}`, '-srv_ref', 'srv', '-srv_secret', `pass:${pin}`];
const bySignature = [
  ...['-cert', 'user.crt', '-key', 'user.key', '-trusted', 'ca.crt'],
  ...['-srv_cert', 'cmp.crt', '-srv_key', 'cmp.key', '-srv_trusted', 'ca.crt'],
];

beforeAll(() => {
  openssl.rsaKey('ca');
  openssl.root('ca', '/C=KZ/CN=Demo CA');
  openssl.ecKey('cmp');
  openssl.certificate('cmp', 'ca', '/C=KZ/CN=CMP server', { extensions: 'cmp_server' });
  openssl.rsaKey('user');
  openssl.certificate('user', 'ca', '/C=KZ/CN=User 1');
});
afterAll(() => {
  openssl.remove();
});

describe('messages of OpenSSL', () => {
  it('under a shared secret are read, and their MACs fit', async () => {
    const talk = opensslTalk('pin', ...byPin);
    for (const message of Object.values(talk)) {
      expect(protectionKind(message)).toBe('mac');
      expect(await verifyMac(message, secret)).toBe('valid');
      expect(await verifyMac(message, secretFromText('other'))).toBe('invalid');
    }
    expect(new TextDecoder().decode(talk.ir.header.senderKeyId)).toBe('00012345');
    expect(talk.ip.header.recipientNonce).toEqual(talk.ir.header.senderNonce);
    expect(Object.values(talk).map(({ body }) => body.type)).toEqual(['ir', 'ip', 'certConf', 'pkiConf']);
  });

  it.each([
    ['hmacWithSHA256', 'sha256'],
    ['hmacWithSHA1', 'sha1'],
    ['hmacWithSHA512', 'sha512'],
  ])('may use %s over %s', async (mac, digest) => {
    const { ir } = opensslTalk(`mac-${digest}`, ...byPin, '-mac', mac, '-digest', digest);
    expect(await verifyMac(ir, secret)).toBe('valid');
  });

  it('that are signed are read, and their signatures fit', async () => {
    const talk = opensslTalk('signed', ...bySignature);
    const keyOf = (name: string) => parseCertificate(openssl.der(name)).publicKeyInfo;
    expect(await verifyMessageSignature(talk.ir, keyOf('user'))).toBe('valid');
    expect(await verifyMessageSignature(talk.ip, keyOf('cmp'))).toBe('valid');
    expect(await verifyMessageSignature(talk.ip, keyOf('ca'))).not.toBe('valid');
    expect(talk.ir.extraCerts.map((der) => Buffer.from(der))).toContainEqual(
      Buffer.from(openssl.der('user')),
    );
  });

  it('prove possession of the key in the request', async () => {
    const { ir } = opensslTalk('popo', ...byPin);
    const [request] = ir.body.type === 'ir' ? ir.body.requests : [];
    if (!request) throw new Error('no request');
    expect(request.template.subject && nameText(request.template.subject)).toBe('CN=User 1,C=KZ');
    expect(await verifyProofOfPossession(request)).toBe('valid');
    const forged = {
      ...request,
      requestDer: Uint8Array.from(request.requestDer) as typeof request.requestDer,
    };
    forged.requestDer[10] = (forged.requestDer[10] ?? 0) ^ 1;
    expect(await verifyProofOfPossession(forged)).toBe('invalid');
  });

  it('say which certificate a key update replaces', async () => {
    openssl.run(
      ...['cmp', '-cmd', 'kur', '-use_mock_srv', '-newkey', 'user.key', '-oldcert', 'user.crt'],
      ...[...bySignature, '-rsp_cert', 'user.crt', '-reqout', 'kur.der', '-certout', 'kur.out'],
      ...['-disable_confirm', '-implicit_confirm', '-grant_implicitconf'],
    );
    const { body } = parseMessage(openssl.read('kur.der'));
    const old = body.type === 'kur' ? body.requests[0]?.controls.oldCertificate : undefined;
    const { serialNumberDer, issuerName } = parseCertificate(openssl.der('user'));
    expect(old && toHex(old.serialNumberDer)).toBe(toHex(serialNumberDer));
    expect(old && toHex(old.issuerName)).toBe(toHex(issuerName));
  });
});

const header = () => ({
  sender: distinguishedName('CN=Клиент,C=KZ'),
  recipient: distinguishedName('CN=Demo CA,C=KZ'),
  transactionId: freshNonce(),
  senderNonce: freshNonce(),
  recipientNonce: freshNonce(),
  messageTime: new Date('2026-11-22T10:00:00Z'),
  senderKeyId: Buffer.from('00012345'),
  generalInfo: ['1.3.6.1.5.5.7.4.13'],
});

async function ownRequest(options: { token?: string } = {}): Promise<DerBytes> {
  return buildCertificateRequest(
    {
      certReqId: 0,
      subject: distinguishedName('CN=Клиент,C=KZ'),
      issuer: distinguishedName('CN=Demo CA,C=KZ'),
      controls: {
        registrationToken: options.token === undefined ? undefined : secretFromText(options.token),
        oldCertificate: parseCertificate(openssl.der('user')),
      },
    },
    fileSigner(openssl, 'user'),
  );
}

describe('our messages', () => {
  it('say what was put into them', async () => {
    const fields = header();
    const body = buildRequestBody('ir', await ownRequest({ token: 'ПИН 11' }));
    const message = parseMessage(
      await buildMessage({ header: fields, body, protector: macProtector(secret) }),
    );
    expect(message.header).toMatchObject({
      pvno: 2,
      messageTime: fields.messageTime,
      generalInfo: fields.generalInfo,
    });
    for (const name of ['transactionId', 'senderNonce', 'recipientNonce', 'sender', 'recipient'] as const) {
      expect(Buffer.from(message.header[name] ?? [])).toEqual(Buffer.from(fields[name]));
    }
    const [request] = message.body.type === 'ir' ? message.body.requests : [];
    expect(request && (await verifyProofOfPossession(request))).toBe('valid');
    expect(new TextDecoder().decode(request?.controls.registrationToken)).toBe('ПИН 11');
    expect(await verifyMac(message, secret)).toBe('valid');
  });

  it('never repeat a salt', async () => {
    const salts = new Set(Array.from({ length: 20 }, () => toHex(macProtector(secret).algorithm)));
    expect(salts.size).toBe(20);
  });

  it('are spoilt by any change that still can be read', async () => {
    const body = buildRequestBody('ir', await ownRequest());
    const protector = signatureProtector(fileSigner(openssl, 'user'));
    const signed = await buildMessage({ header: header(), body, protector });
    const maced = await buildMessage({
      header: header(),
      body,
      protector: macProtector(secret, { iterations: 100 }),
    });
    const { publicKeyInfo } = parseCertificate(openssl.der('user'));
    await fc.assert(
      fc.asyncProperty(
        fc.boolean(),
        fc.nat(2000),
        fc.integer({ min: 1, max: 255 }),
        async (mac, at, flip) => {
          const changed = Uint8Array.from(mac ? maced : signed);
          const index = at % changed.length;
          changed[index] = (changed[index] ?? 0) ^ flip;
          let message: PkiMessage;
          try {
            message = parseMessage(changed);
          } catch (error) {
            expect(error).toBeInstanceOf(DerError);
            return;
          }
          const check = mac ? verifyMac(message, secret) : verifyMessageSignature(message, publicKeyInfo);
          expect(await check).not.toBe('valid');
        },
      ),
      { numRuns: 400 },
    );
  });

  it('without the key in question prove nothing', async () => {
    const request = parseCertificateRequest(await ownRequest());
    const other = parseCertificate(openssl.der('ca')).publicKeyInfo;
    expect(
      await verifyProofOfPossession({ ...request, template: { ...request.template, publicKeyInfo: other } }),
    ).toBe('invalid');
    expect(await verifyProofOfPossession({ ...request, proof: undefined })).toBe('unsupported');
    expect(await verifyProofOfPossession({ ...request, proof: { type: 'raVerified' } })).toBe('unsupported');
  });
});

describe('a status', () => {
  it('survives with all its texts and failure names', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...pkiStatuses),
        fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 3 }),
        fc.subarray([...failureNames]),
        (status, text, failures) => {
          const info = { status, text, failures };
          expect(readStatus(parseDer(encodeStatus(info)))).toEqual(info);
        },
      ),
    );
  });
});

describe('anything else', () => {
  it('is a DerError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(() => parseMessage(bytes)).toThrow(DerError);
        expect(() => parseCertificateRequest(bytes)).toThrow(DerError);
      }),
    );
  });
});
