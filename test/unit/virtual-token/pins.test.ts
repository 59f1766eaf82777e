import { describe, expect, it } from 'vitest';

import { VirtualCard } from '#test/virtual-token/card.ts';

import {
  createFile,
  createSpecial,
  Dialogue,
  loginAdministrator,
  loginUser,
  logout,
  selectMasterFile,
  selectPath,
  setPin,
  triesOf,
  verify,
} from './dialogue.ts';

const wrong = verify(2, '00000000');
const unblockUser = '00 2C 03 02';
/** Succeeds only for the user. */
const asUserOnly = createFile('01', 0x0e00, 1, '43 00 00 00 00 00 00 02');

const blockUser = async (token: Dialogue): Promise<void> => {
  for (let i = 0; i < 10; i++) await token.sw(wrong);
};

describe('VERIFY', () => {
  it('gives its rights until power goes, reset or logout', async () => {
    const token = Dialogue.with();
    const { card } = token;
    const farewells = ['80 40 00 00', 'powerOff', 'reset', 'powerOn'] as const;
    for (const farewell of farewells) {
      await token.ok(loginUser, selectMasterFile);
      if (farewell === '80 40 00 00') await token.ok(farewell);
      else card[farewell]();
      if (!card.powered) card.powerOn();
      expect(await token.sw(selectMasterFile, asUserOnly), farewell).toBe('6982');
    }
  });

  it('answers 6F86 while that PIN is logged in, and works again after logout', async () => {
    const token = Dialogue.with();
    expect(await token.sw(loginUser, loginUser)).toBe('6F86');
    expect(await token.sw(verify(2, 'anything'))).toBe('6F86');
    expect(await token.sw(logout, loginUser)).toBe('9000');
  });

  it('counts wrong PINs down to the block, and refuses the right one then', async () => {
    const token = Dialogue.with();
    expect(await token.sw(wrong)).toBe('6300');
    expect(await token.sw(triesOf(2))).toBe('63C9');
    await blockUser(token);
    expect(await token.sw(triesOf(2))).toBe('6983');
    expect(await token.sw(loginUser)).toBe('6983');
  });

  it('gives all tries back with the right PIN', async () => {
    const token = Dialogue.with();
    await token.sw(wrong, wrong);
    await token.ok(loginUser, logout);
    expect(await token.sw(triesOf(2))).toBe('63CA');
  });

  it('counts a wrong PIN of any length', async () => {
    const token = Dialogue.with();
    for (const pin of ['1', '1234567', '123456789', 'x'.repeat(200)])
      expect(await token.sw(verify(2, pin))).toBe('6300');
    expect(await token.sw(triesOf(2))).toBe('63C6');
  });

  it('keeps the two counters apart', async () => {
    const token = Dialogue.with();
    await token.sw(wrong, wrong, wrong);
    expect(await token.sw(triesOf(1))).toBe('63CA');
  });

  it('keeps the counter when power goes', async () => {
    const token = Dialogue.with();
    await token.sw(wrong, wrong);
    token.card.powerOff();
    token.card.powerOn();
    expect(await token.sw(triesOf(2))).toBe('63C8');
  });

  it('says 9000 to the question for the counter while logged in; settings know the alternatives', async () => {
    expect(await Dialogue.with().sw(loginUser, triesOf(2))).toBe('9000');
    const answers = ['6F86', '63Cx'] as const;
    const [refuses, counts] = answers.map((answer) =>
      Dialogue.with({ unverified: { statusQueryWhileLoggedIn: answer } }),
    );
    expect(await refuses?.sw(loginUser, triesOf(2))).toBe('6F86');
    expect(await counts?.sw(loginUser, triesOf(2))).toBe('63CA');
  });

  it('may answer a wrong PIN with the tries left', async () => {
    expect(await Dialogue.with({ unverified: { wrongPinAnswer: '63Cx' } }).sw(wrong)).toBe('63C9');
  });

  it.each([
    ['a PIN that is not there', '00 20 00 03 01 31', '6A88'],
    ['another P1', '00 20 01 02 01 31', '6A86'],
  ])('refuses %s', async (_what, command, sw) => {
    expect(await Dialogue.with().sw(command)).toBe(sw);
  });
});

describe('setting a PIN', () => {
  it('by its owner needs his login, and the new one counts', async () => {
    const token = Dialogue.with();
    expect(await token.sw(setPin(2, 'new-pin'))).toBe('6982');
    await token.ok(loginUser, setPin(2, 'new-pin'), logout);
    expect(await token.sw(loginUser)).toBe('6300');
    expect(await token.sw(verify(2, 'new-pin'))).toBe('9000');
  });

  it.each([
    ['administrator', '6982', '9000'],
    ['user', '9000', '6982'],
    ['both', '9000', '9000'],
  ] as const)('follows the policy "%s"', async (userPinChangedBy, forUser, forAdministrator) => {
    const token = Dialogue.with({ userPinChangedBy });
    expect(await token.sw(loginUser, setPin(2, '11111111'))).toBe(forUser);
    expect(await token.sw(logout, loginAdministrator, setPin(2, '22222222'))).toBe(forAdministrator);
  });

  it('never lets the user set the administrator’s', async () => {
    expect(await Dialogue.with().sw(loginUser, setPin(1, '11111111'))).toBe('6982');
  });

  it('holds to the shortest and the longest length', async () => {
    const token = Dialogue.with({ minPinLength: 8 });
    await token.ok(loginUser);
    expect(await token.sw(setPin(2, '1234567'))).toBe('6A80');
    expect(await token.sw(setPin(2, 'x'.repeat(33)))).toBe('6A80');
    expect(await token.sw(setPin(2, 'x'.repeat(32)))).toBe('9000');
    expect(await token.hex(selectPath(0x0002))).toContain('80020020');
  });

  it('refuses a value that is not as long as announced', async () => {
    const token = Dialogue.with();
    expect(await token.sw(loginUser, '00 24 01 02 0C 80 02 00 07 A5 06 31 31 31 31 31 31')).toBe('6A80');
    expect(await token.sw('00 24 00 02 06 31 31 31 31 31 31')).toBe('6A86');
  });

  it('does not unblock it, and does not give tries back', async () => {
    const token = Dialogue.with();
    await token.sw(wrong);
    await token.ok(loginAdministrator, setPin(2, '11111111'));
    expect(await token.sw(triesOf(2))).toBe('63C9');
    await blockUser(token);
    expect(await token.sw(setPin(2, '22222222'))).toBe('6983');
  });
});

describe('unblocking', () => {
  it('is the administrator’s right and keeps the PIN', async () => {
    const token = Dialogue.with({ profile: 'user-pin-blocked' });
    expect(await token.sw(unblockUser)).toBe('6982');
    await token.ok(loginAdministrator, unblockUser);
    expect(await token.sw(triesOf(2))).toBe('63CA');
    expect(await token.sw(loginUser)).toBe('9000');
  });

  it('of the administrator PIN is nobody’s right', async () => {
    const token = Dialogue.with({ profile: 'administrator-pin-blocked' });
    expect(await token.sw(loginUser, '00 2C 03 01')).toBe('6982');
    expect(await token.sw(loginAdministrator)).toBe('6983');
  });

  it('knows only the form without a new PIN', async () => {
    const token = Dialogue.with();
    expect(await token.sw(loginAdministrator, '00 2C 00 02')).toBe('6A86');
    expect(await token.sw('00 2C 03 02 01 31')).toBe('6700');
  });
});

describe('formatting', () => {
  const administratorPin = createSpecial(1, 8, '01 08 01 AA 00 00', '43 FF 01 00 00 00 00 FF');
  const userPin = createSpecial(2, 8, '01 04 01 55 00 00', '43 01 03 00 00 00 00 FF');
  const masterFile = createFile('38', 0x3f00, 0, '47 02 02 01 00 00 00 FF');
  const application = createFile('38', 0x5000, 5000, '43 00 00 00 00 00 00 02');

  it('takes everything away, whoever asks', async () => {
    const token = Dialogue.with();
    await token.ok('80 8A 00 00');
    expect(await token.sw(selectMasterFile)).toBe('6A82');
    expect(await token.sw(loginUser)).toBe('6A88');
  });

  it('needs the administrator where the setting says so, unless his PIN is blocked', async () => {
    const strict = Dialogue.with({ unverified: { eraseNeeds: 'administrator' } });
    expect(await strict.sw('80 8A 00 00')).toBe('6982');
    expect(await strict.sw(loginAdministrator, '80 8A 00 00')).toBe('9000');
    const mild = { eraseNeeds: 'administrator-unless-blocked' } as const;
    const blocked = Dialogue.with({ profile: 'administrator-pin-blocked', unverified: mild });
    expect(await blocked.sw('80 8A 00 00')).toBe('9000');
  });

  it('ends with both PINs set, and from then on every right counts', async () => {
    const token = Dialogue.with({ profile: 'blank' });
    await token.ok(masterFile, application, administratorPin, setPin(1, '87654321'));
    await token.ok(userPin, setPin(2, '1234'));
    expect(await token.sw(setPin(2, '4321'))).toBe('6982');
    token.card.powerOff();
    token.card.powerOn();
    await token.ok(createFile('01', 0x2f00, 128, '43 00 01 00 00 00 00 01'), '80 84 4E 19');
    expect(await token.sw(asUserOnly)).toBe('6982');
    expect(await token.sw(verify(2, '1234'), asUserOnly)).toBe('9000');
    expect(await token.sw('80 84 4E 19')).toBe('6985');
  });

  it('puts a PIN into the master file although 5000 was made just before', async () => {
    const token = Dialogue.with({ profile: 'blank', unverified: { createSelects: 'new-file' } });
    await token.ok(masterFile, application, administratorPin);
    expect(await token.sw(selectPath(0x0001))).toBe('9000');
  });

  it('is not over before there is a master file', async () => {
    const token = Dialogue.with({ profile: 'blank' });
    expect(await token.sw('80 84 4E 19')).toBe('6985');
    expect(await token.sw(application)).toBe('6A82');
  });
});

describe('a new card', () => {
  it('has the PINs and rules that its options ask for', async () => {
    const token = Dialogue.with({ userPin: 'abcdefgh', administratorPin: 'hgfedcba', attempts: 3 });
    expect(await token.sw(verify(2, 'abcdefgh'))).toBe('9000');
    expect(await token.sw(verify(1, 'hgfedcba'))).toBe('9000');
    expect(await token.hex(selectPath(0x0002))).toContain('8506010601330000');
  });

  it('as the vendor delivers it has no PKCS#15 application and no EF.DIR', async () => {
    const token = Dialogue.with();
    expect(await token.sw(selectPath(0x5000))).toBe('6A82');
    expect(await token.sw(selectPath(0x2f00))).toBe('6A82');
  });

  it('without power is silent', async () => {
    const card = VirtualCard.create({ profile: 'default-pins' });
    await expect(card.transmit(Uint8Array.of(0, 0xa4, 0, 0, 0))).rejects.toThrow('no power');
  });
});
