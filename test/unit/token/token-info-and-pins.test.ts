import { describe, expect, it } from 'vitest';
import { fromHex } from '#shared/bytes.ts';
import { parseSerial } from '#main/token/pkcs15-token-session.ts';
import {
  administratorPin,
  filesOn,
  insert,
  insertAsUser,
  newCard,
  pin,
  userPin,
} from './virtual-token-world.ts';

describe('what a token tells of itself', () => {
  it('is complete where the card answers all questions', async () => {
    const { session } = await insert(newCard({ minPinLength: 8, attempts: 5, userPinChangedBy: 'user' }));
    expect(await session.info()).toEqual({
      serial: '47738461',
      model: 'KAZTOKEN',
      label: null,
      userPin: { attemptsLeft: 5, maxAttempts: 5, minLength: 8, blocked: false, changedBy: 'user' },
      administratorPin: {
        attemptsLeft: 5,
        maxAttempts: 5,
        minLength: 8,
        blocked: false,
        changedBy: 'administrator',
      },
      totalMemory: 65_536,
      freeMemory: null,
      firmware: '30',
      protocol: '1',
      atr: '3B88014B415A544F4B454E82',
      layout: 'none',
    });
  });

  it('has gaps, and no error, where the card does not answer', async () => {
    const { session } = await insert(
      newCard({ unverified: { pinFileSelectable: false, infoAnswered: false } }),
    );
    expect(await session.info()).toMatchObject({
      userPin: { attemptsLeft: 10, maxAttempts: null, minLength: null, changedBy: null, blocked: false },
      totalMemory: null,
      firmware: null,
      protocol: null,
      layout: 'none',
    });
  });

  it.each(['eight-bytes', 'four-bytes'] as const)('is the same serial number in %s', async (serialForm) => {
    const { session } = await insert(newCard({ unverified: { serialForm } }));
    expect(session.serial).toBe('47738461');
  });

  it('is an error where the serial number is missing, because tokens could not be told apart', () => {
    expect(parseSerial(fromHex('000000000A0B0C0D'))).toBe('0A0B0C0D');
    for (const bytes of ['', '00000000']) {
      expect(() => parseSerial(fromHex(bytes))).toThrow(
        expect.objectContaining({ id: 'token-answer-unexpected' }),
      );
    }
  });

  it.each(['9000', '6F86', '63Cx'] as const)(
    'has all tries left while logged in (status query: %s)',
    async (answer) => {
      const { session } = await insertAsUser(newCard({ unverified: { statusQueryWhileLoggedIn: answer } }));
      expect((await session.info()).userPin).toMatchObject({ attemptsLeft: 10, blocked: false });
    },
  );

  it('counts the tries left down, whichever half of the byte the card keeps them in', async () => {
    for (const attemptsNibbles of [
      'both-maximum',
      'high-maximum-low-left',
      'high-left-low-maximum',
    ] as const) {
      const { session } = await insert(newCard({ unverified: { attemptsNibbles } }));
      await expect(session.login('user', pin('wrong'))).rejects.toMatchObject({ id: 'wrong-pin' });
      expect((await session.info()).userPin).toMatchObject({ attemptsLeft: 9, maxAttempts: 10 });
    }
  });

  it('shows a blocked PIN', async () => {
    const { session } = await insert(newCard({ profile: 'user-pin-blocked' }));
    const { userPin: user, administratorPin: administrator } = await session.info();
    expect(user).toMatchObject({ attemptsLeft: 0, blocked: true });
    expect(administrator).toMatchObject({ attemptsLeft: 10, blocked: false });
  });
});

describe('PINs', () => {
  it.each(['6300', '63Cx'] as const)(
    'a wrong one costs one try and says how many are left (%s)',
    async (wrongPinAnswer) => {
      const { session, transport } = await insert(newCard({ unverified: { wrongPinAnswer } }));
      await expect(session.login('user', pin('11111111'))).rejects.toMatchObject({
        id: 'wrong-pin',
        data: { role: 'user', attemptsLeft: 9 },
      });
      expect(
        transport.commands.filter((command) => command.startsWith('00200002') && command.length > 8),
      ).toHaveLength(1);
    },
  );

  it('the last wrong try says that the PIN is blocked now', async () => {
    const { session } = await insert(newCard({ attempts: 1 }));
    await expect(session.login('user', pin('11111111'))).rejects.toMatchObject({ id: 'pin-blocked' });
    await expect(session.login('user', pin(userPin))).rejects.toMatchObject({ id: 'pin-blocked' });
  });

  it('a login inherited from another program does not let a wrong PIN through', async () => {
    const { session } = await insertAsUser(newCard());
    await expect(session.login('user', pin('wrong'))).rejects.toMatchObject({ data: { attemptsLeft: 9 } });
  });

  it('the user changes the own PIN', async () => {
    const { session, card } = await insertAsUser(newCard());
    await session.setPin('user', pin('Kaztoken77'));
    const later = await insert(card);
    await later.session.login('user', pin('Kaztoken77'));
    const wrong = await insert(card);
    await expect(wrong.session.login('user', pin(userPin))).rejects.toMatchObject({ id: 'wrong-pin' });
  });

  it('a new PIN that is too short is refused before the card is asked', async () => {
    const { session, transport } = await insertAsUser(newCard({ minPinLength: 8 }));
    await expect(session.setPin('user', pin('short'))).rejects.toMatchObject({
      id: 'pin-refused',
      data: { role: 'user', minLength: 8 },
    });
    expect(transport.commands.some((command) => command.startsWith('0024'))).toBe(false);
  });

  it('a new PIN that the card refuses is a refused PIN, not an unexpected answer', async () => {
    const { session } = await insertAsUser(newCard({ unverified: { longestPin: 32 } }));
    await expect(session.setPin('user', pin('x'.repeat(33)))).rejects.toMatchObject({ id: 'pin-refused' });
  });

  it('a PIN that only the administrator may change needs the administrator', async () => {
    const { session } = await insertAsUser(newCard({ userPinChangedBy: 'administrator' }));
    await expect(session.setPin('user', pin('Kaztoken77'))).rejects.toMatchObject({
      id: 'pin-not-allowed',
      data: { role: 'user', changedBy: 'administrator' },
    });
    await session.login('administrator', pin(administratorPin));
    await session.setPin('user', pin('Kaztoken77'));
  });

  it('writing without login asks for the PIN and changes nothing', async () => {
    const card = newCard();
    const before = filesOn(card);
    const { session } = await insert(card);
    await expect(session.createPkcs15('label')).rejects.toMatchObject({ id: 'pin-needed' });
    expect(filesOn(card)).toEqual(before);
  });
});

describe('what is recorded of a session', () => {
  it('holds no PIN: not one that was right, wrong, new, or refused', async () => {
    const pins = [userPin, 'Wrong-Pin-77', 'New-Pin-4242', 'x'.repeat(33)];
    const { session, trace } = await insertAsUser(newCard());
    const errors = [
      await session.setPin('user', pin('x'.repeat(33))).catch((error: unknown) => error),
      await session.setPin('user', pin('New-Pin-4242')).catch((error: unknown) => error),
      await session.login('user', pin('Wrong-Pin-77')).catch((error: unknown) => error),
    ];
    await session.login('user', pin('New-Pin-4242'));
    await session.createPkcs15('label');
    const recorded = JSON.stringify([
      trace.entries,
      errors,
      errors.map((error) => String(error)),
    ]).toLowerCase();
    expect(trace.entries.length).toBeGreaterThan(30);
    for (const secret of pins) {
      expect(recorded).not.toContain(secret.toLowerCase());
      expect(recorded).not.toContain(Buffer.from(secret).toString('hex'));
    }
  });
});
