import { concatBytes } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import type { ApduChannel, CommandApdu } from './apdu.ts';
import { bytesWaiting, exactLength, statusText } from './status-words.ts';

/** No answer of this card is longer (RSA-4096 has 512 bytes); a card that goes on is broken. */
const longestAnswer = 65_536;

const getResponse = (le: number): CommandApdu => ({ cla: 0x00, ins: 0xc0, p1: 0, p2: 0, le });

/** Fetches with GET RESPONSE what `61xx` announces (T=0, and answers of more than 256 bytes). */
export function withGetResponse(next: ApduChannel): ApduChannel {
  return {
    async send(command) {
      let response = await next.send(command);
      const parts = [response.data];
      let total = response.data.length;
      for (;;) {
        const waiting = bytesWaiting(response.statusWord);
        if (waiting === null) return { data: concatBytes(...parts), statusWord: response.statusWord };
        response = await next.send(getResponse(waiting));
        parts.push(response.data);
        total += response.data.length;
        const announcesMore = bytesWaiting(response.statusWord) !== null;
        if (announcesMore && (response.data.length === 0 || total > longestAnswer)) {
          throw new KiltError('token-answer-unexpected', {
            step: 'get-response',
            statusWord: statusText(response.statusWord),
          });
        }
      }
    },
  };
}

/**
 * Repeats a command once with the Le that `6Cxx` asks for. The card has not carried the command out then
 * (ISO 7816-4 §5.1.3). Commands that want nothing back, such as VERIFY, are never repeated.
 */
export function withExactLength(next: ApduChannel): ApduChannel {
  return {
    async send(command) {
      const response = await next.send(command);
      const le = exactLength(response.statusWord);
      return le === null || command.le === undefined ? response : next.send({ ...command, le });
    },
  };
}
