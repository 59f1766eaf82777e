import { randomBytes } from 'node:crypto';

import { concatBytes } from '#shared/bytes.ts';

import type { CardContext, CommandHandler } from '../card-context.ts';
import { demand, refuse, statusWord } from '../status-word.ts';

/** P1 P2 of GET DATA (facts §2 no. 16, 17). */
const dataObject = { serial: 0x0181, info: 0x0189 } as const;

/** Token type byte (facts §1.1 "Aktiv device type codes"): bit 10 says KAZTOKEN. */
const deviceType = { kaztoken: 0x11, rutoken: 0x01 } as const;
/** Hardware 2.0, protocol 1, microcode 1E and order number 2 (the values measured on an ECP, facts §1.4). */
const info = { version: 0x20, protocol: 0x01, microcode: 0x1e, orderNumber: 0x02 } as const;
const MEMORY_UNIT = 8 * 1024;

/** GET DATA, 00 CA: serial number and device information. */
export const getData: CommandHandler = (card, command) => {
  demand(command.data.length === 0, statusWord.wrongLength);
  switch ((command.p1 << 8) | command.p2) {
    case dataObject.serial:
      return serialObject(card);
    case dataObject.info:
      demand(card.behaviour.infoAnswered, statusWord.referenceNotFound);
      return infoObject(card);
    default:
      return refuse(statusWord.referenceNotFound);
  }
};

function serialObject({ serial, behaviour }: CardContext): Uint8Array {
  switch (behaviour.serialForm) {
    case 'eight-bytes':
      return concatBytes(new Uint8Array(4), serial);
    case 'four-bytes':
      return serial.slice();
    case 'four-bytes-reversed':
      return serial.slice().reverse();
  }
}

function infoObject({ atrName, files }: CardContext): Uint8Array {
  const memory = files.memoryBytes / MEMORY_UNIT;
  const { version, protocol, microcode, orderNumber } = info;
  return Uint8Array.of(deviceType[atrName], version, memory, protocol, microcode, orderNumber, 0, 0);
}

/** GET CHALLENGE, 00 84: random bytes (facts §2 no. 18, T14). */
export const getChallenge: CommandHandler = (_card, command) => {
  demand(command.p1 === 0 && command.p2 === 0, statusWord.badParameters);
  demand(command.le !== null && command.data.length === 0, statusWord.wrongLength);
  return new Uint8Array(randomBytes(command.le));
};
