import { describe, expect, it } from 'vitest';

import { toHex } from '#shared/bytes.ts';

import {
  createFile,
  createRsaPrivate,
  createSpecial,
  Dialogue,
  loginAdministrator,
  loginUser,
  logout,
  selectMasterFile,
  selectPath,
  setPin,
} from './dialogue.ts';

/** A file that anyone reads and the user writes, as OpenSC makes them. */
const PUBLIC = '43 00 02 00 00 00 00 02';
const PRIVATE = '43 02 02 00 00 00 00 02';
const folderIn = (id: number): string => createFile('38', id, 0, '43 00 00 00 00 00 00 02');

/** A token with the user logged in and folder 5000, which is selected, made. */
const withFolder = async (unverified = {}): Promise<Dialogue> => {
  const token = Dialogue.with({ unverified });
  await token.ok(loginUser, folderIn(0x5000), selectPath(0x5000));
  return token;
};

describe('SELECT', () => {
  it('answers the master file with OpenSC’s template and 15 bytes of access rules', async () => {
    expect(await Dialogue.with().hex(selectMasterFile)).toBe(
      '6F1D8002000082023800' + '83023F00' + '860F470202010000' + '00FF00000000000000',
    );
  });

  it('shows of a PIN file its shortest length, its tries and who may change it', async () => {
    const answer = await Dialogue.with({ userPinChangedBy: 'user' }).hex(selectPath(0x0002));
    expect(answer).toBe(
      '6F2580020008820210008302000285060106' + '01AA0000' + '860F430102000000' + '00FF00000000000000',
    );
  });

  it('walks the tree: first child, parent, next sibling, end', async () => {
    const token = Dialogue.with();
    const idOf = async (command: string): Promise<string> => (await token.hex(command)).slice(24, 28);
    await token.ok(selectMasterFile);
    expect(await idOf('00 A4 00 00 00')).toBe('1000');
    expect(await idOf('00 A4 03 00 00')).toBe('3F00');
    expect(await idOf('00 A4 00 02 02 10 00 00')).toBe('0001');
    expect(await idOf('00 A4 00 02 02 00 01 00')).toBe('0002');
    expect(await token.sw('00 A4 00 02 02 00 02 00')).toBe('6A82');
  });

  it('tells two folders of one name apart by their place', async () => {
    const token = Dialogue.with();
    expect(await token.sw(selectPath(0x1000, 0x1000, 0x6001))).toBe('9000');
    expect(await token.sw(selectPath(0x1000, 0x6001))).toBe('6A82');
  });

  it.each([
    ['an unknown path', '00 A4 08 00 02 50 00 00', '6A82'],
    ['an application name', '00 A4 04 00 07 62 76 01 FF 00 00 00', '6A82'],
    ['another vendor’s probe with P2 0C', '00 A4 00 0C 02 3F 00', '6A82'],
    ['a file name without path', '00 A4 00 00 02 10 00 00', '6A82'],
    ['half an identifier', '00 A4 08 00 03 10 00 10 00', '6700'],
    ['a path through a PIN file', '00 A4 08 00 04 00 01 00 01 00', '6A82'],
    ['the parent of the master file', '00 A4 03 00 00', '6A82'],
  ])('finds nothing for %s', async (_what, command, sw) => {
    expect(await Dialogue.with().sw(command)).toBe(sw);
  });

  it('keeps the selection when it finds nothing', async () => {
    const token = await withFolder();
    await token.ok(createFile('01', 0x0300, 4, PUBLIC), selectPath(0x5000, 0x0300));
    expect(await token.sw(selectPath(0x7777), '00 B0 00 00 04')).toBe('9000');
  });
});

describe('CREATE FILE', () => {
  it('makes a file of zeros, once', async () => {
    const token = await withFolder();
    await token.ok(createFile('01', 0x0300, 4, PUBLIC));
    expect(await token.sw(createFile('01', 0x0300, 4, PUBLIC))).toBe('6A89');
    expect(await token.hex(selectPath(0x5000, 0x0300))).toContain('80020004');
    expect(toHex(await token.ok('00 B0 00 00 04'))).toBe('00000000');
  });

  it('needs the right of the folder', async () => {
    const token = Dialogue.with();
    expect(await token.sw(folderIn(0x5000))).toBe('6982');
    expect(await token.sw(loginAdministrator, folderIn(0x5000))).toBe('6982');
    expect(await token.sw(loginUser, folderIn(0x5000))).toBe('9000');
  });

  it('puts key files where their kind belongs, whatever folder is selected', async () => {
    const token = await withFolder();
    await token.ok(createRsaPrivate(1, 2048));
    expect(await token.sw(selectPath(0x5000, 0x0001))).toBe('6A82');
    expect(await token.sw(selectPath(0x1000, 0x1000, 0x6002, 0x0001))).toBe('9000');
  });

  it('leaves the selected folder as it is', async () => {
    const token = await withFolder();
    await token.ok(folderIn(0x0a00), folderIn(0x0b00));
    expect(await token.sw(selectPath(0x5000, 0x0b00))).toBe('9000');
  });

  it('selects the new file where the setting says so', async () => {
    const token = await withFolder({ createSelects: 'new-file' });
    await token.ok(folderIn(0x0a00), folderIn(0x0b00));
    expect(await token.sw(selectPath(0x5000, 0x0a00, 0x0b00))).toBe('9000');
    await token.ok(createFile('01', 0x0300, 4, PUBLIC));
    expect(await token.sw('00 B0 00 00 04')).toBe('9000');
  });

  const fcp = (body: string): string => {
    const bytes = body.replaceAll(' ', '').length / 2;
    const hex = (n: number) => n.toString(16).padStart(2, '0');
    return `00 E0 00 00 ${hex(bytes + 2)} 6F ${hex(bytes)} ${body}`;
  };
  const rights = `86 0F ${PUBLIC} 00 00 00 00 00 00 00`;
  it.each([
    ['no template', '00 E0 00 00 02 62 00'],
    ['access rules of 8 bytes', fcp(`80 02 00 04 82 02 01 00 83 02 03 00 86 08 ${PUBLIC}`)],
    ['tags in another order', fcp(`82 02 01 00 80 02 00 04 83 02 03 00 ${rights}`)],
    ['a missing size', fcp(`82 02 01 00 83 02 03 00 ${rights}`)],
    ['a tag twice', fcp(`80 02 00 04 80 02 00 04 82 02 01 00 83 02 03 00 ${rights}`)],
    ['an unknown file type', fcp(`80 02 00 04 82 02 02 00 83 02 03 00 ${rights}`)],
    ['an unknown condition', createFile('01', 0x0300, 4, '43 04 02 00 00 00 00 02')],
    ['a reserved identifier', createFile('01', 0xffff, 4, PUBLIC)],
    ['a file that READ could not reach the end of', createFile('01', 0x0300, 0x8001, PUBLIC)],
    ['a key of 2040 bits', createSpecial(1, 646, '23 00 00 AA 00 00', '46 00 02 02 00 00 00 02')],
    [
      'a key with the old Miller-Rabin byte',
      createSpecial(1, 648, '23 1F 00 AA 00 00', '46 00 02 02 00 00 00 02'),
    ],
    ['a key kind that is none', createSpecial(1, 648, '43 00 00 AA 00 00', '46 00 02 02 00 00 00 02')],
    ['a key reference above 255', createSpecial(0x0100, 648, '23 00 00 AA 00 00', '46 00 02 02 00 00 00 02')],
    ['a PIN other than the two', createSpecial(3, 8, '01 06 01 AA 00 00', '43 01 03 00 00 00 00 FF')],
    ['a condition for a mode that is off', createFile('01', 0x0300, 4, '43 00 02 01 00 00 00 02')],
    ['a PIN without its flag', createSpecial(1, 8, '01 06 00 AA 00 00', '43 FF 01 00 00 00 00 FF')],
    ['a PIN with more in its property', createSpecial(1, 8, '01 06 01 AA 00 01', '43 FF 01 00 00 00 00 FF')],
    [
      'an administrator PIN with two tries',
      createSpecial(1, 8, '01 06 01 22 00 00', '43 FF 01 00 00 00 00 FF'),
    ],
    ['a PIN with eleven tries', createSpecial(2, 8, '01 06 01 BB 00 00', '43 01 03 00 00 00 00 FF')],
    ['a PIN of at least 32 bytes', createSpecial(2, 32, '01 20 01 AA 00 00', '43 01 03 00 00 00 00 FF')],
    [
      'a PIN with two opinions on its tries',
      createSpecial(1, 8, '01 06 01 A5 00 00', '43 FF 01 00 00 00 00 FF'),
    ],
  ])('refuses %s', async (_what, command) => {
    expect(await (await withFolder()).sw(command)).toBe('6A80');
  });

  it('takes tags in any order where the setting says so', async () => {
    const token = await withFolder({ fcpTagOrder: 'any' });
    expect(await token.sw(fcp(`82 02 01 00 80 02 00 04 83 02 03 00 ${rights}`))).toBe('9000');
  });

  it('takes any number of tries where the setting says so', async () => {
    const token = Dialogue.with({ profile: 'blank', unverified: { pinLimits: 'any' } });
    await token.ok(createFile('38', 0x3f00, 0, '47 02 02 01 00 00 00 FF'));
    expect(await token.sw(createSpecial(1, 8, '01 06 01 FF 00 00', '43 FF 01 00 00 00 00 FF'))).toBe('9000');
  });

  it('runs out of memory, and DELETE gives it back', async () => {
    const token = await withFolder();
    const big = (id: number): string => createFile('01', id, 0x7000, PUBLIC);
    await token.ok(big(1), big(2));
    expect(await token.sw(big(3))).toBe('6A84');
    await token.ok('00 E4 00 00 02 00 01');
    expect(await token.sw(big(3))).toBe('9000');
  });

  it('leaves a nearly full token no room for a key', async () => {
    const token = Dialogue.with({ profile: 'nearly-full' });
    await token.ok(loginUser, folderIn(0x5000), selectPath(0x5000), createFile('01', 0x6002, 2048, PUBLIC));
    expect(await token.sw(createFile('01', 0x6001, 2048, PUBLIC))).toBe('6A84');
  });
});

describe('READ and UPDATE', () => {
  const withFile = async (unverified = {}): Promise<Dialogue> => {
    const token = await withFolder(unverified);
    await token.ok(
      createFile('01', 0x0300, 6, PRIVATE),
      selectPath(0x5000, 0x0300),
      '00 D6 00 00 04 01 02 03 04',
    );
    return token;
  };

  it('give back what was written, from any offset', async () => {
    const token = await withFile();
    await token.ok('00 D6 00 04 02 05 06');
    expect(toHex(await token.ok('00 B0 00 02 04'))).toBe('03040506');
  });

  it('need their rights', async () => {
    const token = await withFile();
    await token.ok(logout);
    expect(await token.sw('00 B0 00 00 04')).toBe('6982');
    expect(await token.sw('00 D6 00 00 01 FF')).toBe('6982');
    expect(await token.sw(loginAdministrator, '00 B0 00 00 04')).toBe('6982');
  });

  it.each([
    ['past the end', '00 B0 00 04 04', '6C02'],
    ['everything where less is there', '00 B0 00 00 00', '6C06'],
    ['behind the end', '00 B0 00 06 01', '6B00'],
    ['by short identifier', '00 B0 81 00 01', '6A86'],
    ['without saying how much', '00 B0 00 00', '6700'],
  ])('refuse to read %s', async (_what, command, sw) => {
    expect(await (await withFile()).sw(command)).toBe(sw);
  });

  it('read what is there with 6282 where the setting says so', async () => {
    const token = await withFile({ readPastEnd: '6282' });
    const { data, sw } = await token.bytes(Buffer.from('00B0000400', 'hex'));
    expect([toHex(data), sw]).toEqual(['0000', '6282']);
  });

  it('write nothing when the end does not fit', async () => {
    const token = await withFile();
    expect(await token.sw('00 D6 00 04 03 AA BB CC')).toBe('6B00');
    expect(toHex(await token.ok('00 B0 00 00 06'))).toBe('010203040000');
  });

  it('want a data file selected', async () => {
    const token = Dialogue.with();
    expect(await token.sw(selectMasterFile, '00 B0 00 00 01')).toBe('6986');
    expect(await token.sw(selectPath(0x0002), '00 B0 00 00 01')).toBe('6981');
  });
});

describe('DELETE FILE', () => {
  it('finds the file in the current folder even while that very file is selected', async () => {
    const token = await withFolder();
    await token.ok(createFile('01', 0x0300, 4, PUBLIC), selectPath(0x5000, 0x0300), '00 E4 00 00 02 03 00');
    expect(await token.sw('00 B0 00 00 04')).toBe('6986');
    expect(await token.sw(selectPath(0x5000, 0x0300))).toBe('6A82');
  });

  it('without a name takes the selected file', async () => {
    const token = await withFolder();
    await token.ok('00 E4 00 00');
    expect(await token.sw(selectPath(0x5000))).toBe('6A82');
    expect(await token.sw('00 A4 00 00 00')).toBe('9000');
  });

  it('needs the right of the file, and nobody has that of a PIN', async () => {
    const token = await withFolder();
    await token.ok(createFile('01', 0x0300, 4, PUBLIC), logout);
    expect(await token.sw('00 E4 00 00 02 03 00')).toBe('6982');
    expect(await token.sw(loginUser, loginAdministrator, selectMasterFile, '00 E4 00 00 02 00 02')).toBe(
      '6982',
    );
  });

  it('of a PIN ends the rights it gave', async () => {
    const token = Dialogue.with({ profile: 'blank' });
    const userPin = createSpecial(2, 8, '01 06 01 AA 00 00', '43 01 03 00 00 00 00 02');
    await token.ok(createFile('38', 0x3f00, 0, '47 02 02 01 00 00 00 FF'), userPin, setPin(2, '12345678'));
    await token.ok('80 84 4E 19', loginUser, folderIn(0x5000), '00 E4 00 00 02 00 02');
    expect(await token.sw(folderIn(0x5001))).toBe('6982');
  });

  it('leaves a folder that holds files', async () => {
    const token = await withFolder();
    await token.ok(createFile('01', 0x0300, 4, PUBLIC));
    expect(await token.sw('00 E4 00 00')).toBe('6985');
    const lax = await withFolder({ deleteOfFullFolder: 'deletes-all' });
    await lax.ok(createFile('01', 0x0300, 4, PUBLIC));
    expect(await lax.sw('00 E4 00 00', selectPath(0x5000, 0x0300))).toBe('6A82');
  });
});
