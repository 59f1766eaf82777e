import type { CardContext, CommandHandler } from '../card-context.ts';
import { encodeFileControl, number16 } from '../fcp.ts';
import { type CardFile, MASTER_FILE } from '../file-system.ts';
import { demand, refuse, statusWord } from '../status-word.ts';

/** P1 of SELECT (facts §2 no. 1–6). */
const by = { identifier: 0x00, parent: 0x03, applicationName: 0x04, pathFromMasterFile: 0x08 } as const;
/** P2 of SELECT. */
const occurrence = { first: 0x00, next: 0x02 } as const;
const ID_BYTES = 2;

/** SELECT, 00 A4 (facts §2 no. 1–6). */
export const select: CommandHandler = (card, command) => {
  const file = selected(card, command.p1, command.p2, command.data);
  demand(file !== undefined, statusWord.fileNotFound);
  if (file.type === 'pin' && !card.behaviour.pinFileSelectable) refuse(statusWord.fileNotFound);
  card.session.select(file);
  return encodeFileControl(file, card.behaviour.attemptsNibbles);
};

function selected(card: CardContext, p1: number, p2: number, data: Uint8Array): CardFile | undefined {
  if (p1 === by.identifier && p2 === occurrence.next) return nextSibling(card, data);
  // Other forms (among them 04 and 0C, with which OpenSC looks for other vendors' cards) name nothing here (§5.2).
  if (p2 !== occurrence.first) return undefined;
  switch (p1) {
    case by.identifier:
      if (data.length === 0) return card.session.folder?.children[0];
      demand(data.length === ID_BYTES, statusWord.wrongLength);
      return number16(data) === MASTER_FILE ? card.files.masterFile() : undefined;
    case by.parent:
      demand(data.length === 0, statusWord.wrongLength);
      return card.session.folder?.parent ?? undefined;
    case by.pathFromMasterFile:
      demand(data.length > 0 && data.length % ID_BYTES === 0, statusWord.wrongLength);
      return card.files.find(pathOf(data));
    default:
      return undefined;
  }
}

function nextSibling(card: CardContext, data: Uint8Array): CardFile | undefined {
  demand(data.length === ID_BYTES, statusWord.wrongLength);
  const siblings = card.session.folder?.children ?? [];
  const at = siblings.findIndex((file) => file.id === number16(data));
  return at < 0 ? undefined : siblings[at + 1];
}

const pathOf = (data: Uint8Array): number[] =>
  Array.from({ length: data.length / ID_BYTES }, (_, i) => number16(data.subarray(i * ID_BYTES)));
