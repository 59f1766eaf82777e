import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asSecret, fromHex, secretFromText, toHex } from '#shared/bytes.ts';
import { isKiltError } from '#shared/errors.ts';
import { ApduTrace } from '#main/token/apdu-trace.ts';
import { openCardChannel } from '#main/token/card-channel.ts';
import { CardFiles } from '#main/token/card-files.ts';
import { encodeFileControl, parseFileControl } from '#main/token/file-control.ts';
import { Kaztoken, referenceDataChunks } from '#main/token/kaztoken.ts';
import { privateKeyFile, publicKeyFile } from '#main/token/key-files.ts';
import { PinAccess } from '#main/token/pin-access.ts';
import { cardError, statusText } from '#main/token/status-words.ts';
import { scriptedCard, type ScriptedCard } from './apdu-script.ts';

const cardOf = (script: ScriptedCard): Kaztoken => new Kaztoken(openCardChannel(script, new ApduTrace()));

describe('KAZTOKEN commands', () => {
  it('have the bytes that OpenSC was seen to send', async () => {
    const script = scriptedCard([
      ['00 A4 00 00 02 3F 00 00', '6F 04 82 02 38 00 9000'], // SELECT MF
      ['00 A4 08 00 04 50 00 60 05 00', '6A 82'], // SELECT by path: no such file
      ['00 B0 01 00 0E', '0102 9000'], // READ BINARY at 256
      ['00 D6 00 FF 02 AA BB', '9000'], // UPDATE BINARY at 255
      ['00 E4 00 00 02 02 01', '9000'], // DELETE FILE 0201
      ['80 40 00 00', '9000'], // RESET ACCESS RIGHTS
      ['00 24 01 02 0E 80 02 00 08 A5 08 31 31 32 32 33 33 34 34', '9000'], // CHANGE REFERENCE DATA, user PIN
      ['00 2C 03 02', '9000'], // RESET RETRY COUNTER, user PIN
      ['00 46 80 01 00', '21FE 9000'], // GENERATE KEY PAIR 1, RSA-2048: no data
      ['00 46 80 02 08 A6 06 94 04 01 00 01 00 00', '21FE 9000'], // GENERATE KEY PAIR 2, RSA-4096: with exponent
      ['00 22 41 B6 03 84 01 01', '9000'], // MSE SET for signing
      ['00 22 41 B8 03 84 01 02', '9000'], // MSE SET for deciphering
      ['00 2A 80 86 03 01 02 03 00', '00 9000'], // PSO DECIPHER
      ['00 CA 01 81 00', '3A 5B 7C 1D 9000'], // GET DATA serial number
      ['00 CA 01 89 08', '6A 88'], // GET DATA device information: this card has none
      ['00 84 00 00 20', '00 9000'], // GET CHALLENGE
    ]);
    const card = cardOf(script);
    expect((await card.select([]))?.kind).toBe(0x38);
    expect(await card.select([0x5000, 0x6005])).toBeNull();
    expect(await card.readBinary(256, 14)).toEqual(fromHex('0102'));
    await card.updateBinary(255, fromHex('AABB'));
    await card.deleteFile(0x0201);
    await card.logout();
    await card.changeReferenceData(2, secretFromText('11223344'));
    await card.resetRetryCounter(2);
    await card.generateRsaKeyPair(1, 2048);
    await card.generateRsaKeyPair(2, 4096);
    await card.chooseKey(1, 'sign');
    await card.chooseKey(2, 'decipher');
    await card.decipher(fromHex('010203'));
    expect(toHex(await card.serialNumber())).toBe('3a5b7c1d');
    expect(await card.deviceInformation()).toBeNull();
    await card.getChallenge(32);
    script.expectNoneLeftOver();
  });

  it('make key files with the bytes of trace T6', async () => {
    const script = scriptedCard([
      // CREATE, RSA-2048 private, key reference 1
      [
        '00 E0 00 00 27 6F 25 80 02 02 88 82 02 10 00 83 02 00 01 85 06 23 00 00 AA 00 00 86 0F 46 00 02 02 00 00 00 02 00 00 00 00 00 00 00',
        '9000',
      ],
      // CREATE, RSA-2048 public, key reference 1
      [
        '00 E0 00 00 27 6F 25 80 02 01 80 82 02 10 00 83 02 00 01 85 06 33 00 00 AA 00 00 86 0F 46 00 02 00 00 00 00 02 00 00 00 00 00 00 00',
        '9000',
      ],
    ]);
    const card = cardOf(script);
    await card.createFile(privateKeyFile(1, 2048));
    await card.createFile(publicKeyFile(1, 2048));
    script.expectNoneLeftOver();
  });

  it('write an imported key in chunks that each begin with a part of their own (trace T16)', () => {
    const chunks = referenceDataChunks(new Uint8Array(648).fill(0x11));
    expect(chunks.map(({ data, last }) => [toHex(data.subarray(0, 6)), data.length, last])).toEqual([
      ['80020288a5f9', 255, false],
      ['a5fd11111111', 255, false],
      ['a59211111111', 148, true],
    ]);
  });

  it('lose no byte of a value of any length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1500 }), (value) => {
        const parts = referenceDataChunks(value).map(({ data }, i) => data.subarray(i === 0 ? 6 : 2));
        expect(Buffer.concat(parts)).toEqual(Buffer.from(value));
      }),
    );
  });

  it('never send an empty PIN, which would be a question and not a try', async () => {
    await expect(cardOf(scriptedCard([])).verify(2, asSecret(new Uint8Array()))).rejects.toThrow(RangeError);
  });
});

describe('status words', () => {
  it.each([
    [0x6982, 'pin-needed'],
    [0x6983, 'pin-blocked'],
    [0x63c0, 'pin-blocked'],
    [0x6300, 'wrong-pin'],
    [0x63c3, 'wrong-pin'],
    [0x6a84, 'token-memory-full'],
    [0x6581, 'token-failing'],
    [0x6a82, 'token-answer-unexpected'],
    [0x6d00, 'token-answer-unexpected'],
    [0x6f00, 'token-answer-unexpected'],
  ])('%i means %s', (statusWord, id) => {
    const error = cardError(statusWord, 'step');
    expect(error.id).toBe(id);
    expect(error.data).toMatchObject({ step: 'step', statusWord: statusText(statusWord) });
  });

  it('are all mapped to an error that a user can act on', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff }), (statusWord) =>
        isKiltError(cardError(statusWord, 'x')),
      ),
    );
  });
});

describe('file control templates', () => {
  it('come back as they were written', () => {
    const control = fc.record(
      {
        kind: fc.constantFrom(0x38, 0x01, 0x10),
        id: fc.integer({ min: 0, max: 0xffff }),
        size: fc.integer({ min: 0, max: 0xffff }),
        properties: fc.uint8Array({ minLength: 6, maxLength: 6 }),
        access: fc.uint8Array({ minLength: 15, maxLength: 15 }),
      },
      { requiredKeys: ['kind', 'id', 'size', 'access'] },
    );
    fc.assert(
      fc.property(control, (file) => {
        expect(parseFileControl(encodeFileControl(file))).toEqual(file);
      }),
    );
  });

  it('of any bytes are read or refused, never crashed on', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          parseFileControl(bytes);
        } catch (error) {
          expect(error).toMatchObject({ id: 'token-answer-unexpected' });
        }
      }),
    );
  });
});

describe('logging in', () => {
  const login = async (script: ScriptedCard, pin = '12345678'): Promise<void> => {
    const card = cardOf(script);
    await new PinAccess(card, new CardFiles(card)).login('user', secretFromText(pin));
  };

  it('is one VERIFY', async () => {
    const script = scriptedCard([['00 20 00 02 08 31 32 33 34 35 36 37 38', '9000']]);
    await login(script);
    script.expectNoneLeftOver();
  });

  it('asks for the tries left after 6300 and tries no second time', async () => {
    const script = scriptedCard([
      ['00 20 00 02 08 39 39 39 39 39 39 39 39', '63 00'], // VERIFY: wrong
      ['00 20 00 02', '63 C3'], // status query
    ]);
    await expect(login(script, '99999999')).rejects.toMatchObject({
      id: 'wrong-pin',
      data: { role: 'user', attemptsLeft: 3 },
    });
    script.expectNoneLeftOver();
  });

  it('takes the tries left from 63Cx without asking', async () => {
    const script = scriptedCard([['00 20 00 02 01 39', '63 C7']]);
    await expect(login(script, '9')).rejects.toMatchObject({ id: 'wrong-pin', data: { attemptsLeft: 7 } });
    script.expectNoneLeftOver();
  });

  it('says that the PIN is blocked when the last try was wrong', async () => {
    const script = scriptedCard([
      ['00 20 00 02 01 39', '63 00'],
      ['00 20 00 02', '69 83'],
    ]);
    await expect(login(script, '9')).rejects.toMatchObject({ id: 'pin-blocked', data: { role: 'user' } });
    script.expectNoneLeftOver();
  });

  it('says that the PIN is blocked when it was before', async () => {
    const script = scriptedCard([['00 20 00 02 01 39', '69 83']]);
    await expect(login(script, '9')).rejects.toMatchObject({ id: 'pin-blocked' });
    script.expectNoneLeftOver();
  });

  it('ends a login that is still there and then sends the PIN that the card had not looked at', async () => {
    const script = scriptedCard([
      ['00 20 00 02 01 31', '6F 86'], // already logged in: not evaluated
      ['80 40 00 00', '9000'], // logout
      ['00 20 00 02 01 31', '9000'], // the try
    ]);
    await login(script, '1');
    script.expectNoneLeftOver();
  });

  it('does not go round in circles with a card that says 6F86 for ever', async () => {
    const script = scriptedCard([
      ['00 20 00 02 01 31', '6F 86'],
      ['80 40 00 00', '9000'],
      ['00 20 00 02 01 31', '6F 86'],
    ]);
    await expect(login(script, '1')).rejects.toMatchObject({ id: 'token-answer-unexpected' });
    script.expectNoneLeftOver();
  });

  it('still says that a try was used when the token is pulled right after it', async () => {
    const card = cardOf({
      ...scriptedCard([]),
      transmit: async (command) => {
        if (command.length > 4) return fromHex('6300');
        throw new Error('pulled');
      },
    });
    const pins = new PinAccess(card, new CardFiles(card));
    await expect(pins.login('user', secretFromText('1'))).rejects.toMatchObject({
      id: 'wrong-pin',
      data: { role: 'user' },
    });
  });

  it('never sends VERIFY twice for one PIN whatever the card answers, but for 6F86', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 3, maxLength: 3 }),
        async (words) => {
          let tries = 0;
          const answered: number[] = [];
          const card = cardOf({
            ...scriptedCard([]),
            transmit: async (command) => {
              if (command[1] === 0x20 && command.length > 4) tries += 1;
              const word = words.shift() ?? 0x9000;
              answered.push(word);
              return Uint8Array.of(word >> 8, word & 255);
            },
          });
          const pins = new PinAccess(card, new CardFiles(card));
          await pins.login('user', secretFromText('1')).catch(() => undefined);
          expect(tries).toBe(answered[0] === 0x6f86 && answered[1] === 0x9000 ? 2 : 1);
        },
      ),
      { examples: [[[0x6300, 0x63c3, 0x9000]], [[0x6c02, 0x9000, 0x9000]], [[0x6102, 0x9000, 0x9000]]] },
    );
  });
});

describe('the rules of a PIN', () => {
  it.each(['69 82', '6A 82', '6A 86', '90 00'])(
    'are unknown, and no error, when SELECT of its file answers %s',
    async (answer) => {
      const script = scriptedCard([
        ['00 A4 08 00 02 00 02 00', answer], // SELECT the user PIN's file
        ['00 20 00 02', '63 C4'], // status query
      ]);
      const card = cardOf(script);
      expect(await new PinAccess(card, new CardFiles(card)).status('user')).toEqual({
        attemptsLeft: 4,
        maxAttempts: null,
        minLength: null,
        changedBy: null,
        blocked: false,
      });
      script.expectNoneLeftOver();
    },
  );
});
