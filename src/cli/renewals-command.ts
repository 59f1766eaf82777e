import { validityWords } from '#shared/texts/validity-words.ts';
import { waitForTokens } from './choose-token.ts';
import type { CommandRun } from './command.ts';
import { keySetLines, keySetValue } from './key-set-lines.ts';

/** Certificates are remembered: nothing is worth waiting long for. */
const patienceSeconds = 2;

/** `kilt renewals`: the key sets of all tokens ever seen on this computer, and which certificates end soon or have ended. */
export const renewalsCommand: CommandRun<object> = async (kilt, options, { result, t }) => {
  await waitForTokens(kilt, options.wait ?? patienceSeconds);
  const ends = kilt.ends.allEnds();
  const keySets = kilt.renewals.list();
  result({ keySets: keySets.map(keySetValue), certificates: ends }, () => [
    ...keySets.flatMap((set) => keySetLines(set, t)),
    ...(ends.length === 0
      ? [t('commandLine.renewals.none')]
      : ends.map(({ subjectName, tokenName, tokenSerial, tokenPresent, notAfter }) =>
          [
            t('ends.line', { name: subjectName, token: tokenName }),
            t('frame.chip.serial', { serial: tokenSerial }),
            validityWords(new Date(notAfter), new Date(), t),
            ...(tokenPresent ? [] : [t('ends.absent')]),
          ].join(' · '),
        )),
  ]);
};
