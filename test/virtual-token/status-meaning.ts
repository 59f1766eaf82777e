import { statusWord } from './status-word.ts';

/** In words for a person, as the token means them (facts §2 "Status words"). */
const meanings: Readonly<Record<number, string>> = {
  [statusWord.ok]: 'done',
  [statusWord.endOfFile]: 'fewer bytes than asked for: the file ends here',
  [statusWord.wrongPin]: 'wrong PIN',
  [statusWord.chainEndExpected]: 'the chain before was not ended',
  [statusWord.chainingNotSupported]: 'this command can not be chained',
  [statusWord.wrongLength]: 'wrong length',
  [statusWord.wrongFileType]: 'not for a file of this type',
  [statusWord.rightNotGranted]: 'not allowed: nobody with the right is logged in',
  [statusWord.blocked]: 'blocked: no tries left',
  [statusWord.conditionsNotMet]: 'not possible in this state',
  [statusWord.noCurrentFile]: 'no file is selected',
  [statusWord.badData]: 'the data make no sense',
  [statusWord.functionNotSupported]: 'not supported',
  [statusWord.fileNotFound]: 'no such file',
  [statusWord.noMemory]: 'not enough memory',
  [statusWord.badParameters]: 'wrong parameters P1 P2',
  [statusWord.referenceNotFound]: 'no such key, PIN or data',
  [statusWord.fileExists]: 'file exists already',
  [statusWord.offsetOutside]: 'outside of the file',
  [statusWord.unknownInstruction]: 'unknown instruction',
  [statusWord.unknownClass]: 'unknown class',
  [statusWord.alreadyLoggedIn]: 'this PIN is logged in already',
  0x6581: 'memory failure',
  0x6f00: 'no precise diagnosis',
};

/** What a status word says. @param word four hexadecimal digits, or fewer where the answer was cut short */
export function statusMeaning(word: string): string {
  const number = parseInt(word, 16);
  if (word.length < 4 || Number.isNaN(number)) return 'no status word';
  const low = number & 0xff;
  if (number >> 8 === 0x61) return `${low || 256} more bytes wait`;
  if (number >> 8 === 0x6c) return `ask again for ${low || 256} bytes`;
  if (number >> 4 === 0x63c) {
    const tries = number & 0xf;
    return `${tries} ${tries === 1 ? 'try' : 'tries'} left`;
  }
  return meanings[number] ?? 'not a status word of the token';
}
