import { accessMode, pinReference } from '../access.ts';
import type { CardContext, CommandHandler } from '../card-context.ts';
import { number16 } from '../fcp.ts';
import { type CardFile, childWithId, type DataFile } from '../file-system.ts';
import { CardRefusal, demand, exactLength, refuse, statusWord } from '../status-word.ts';

/** P1 bit 8 would name a short file identifier, which the token does not have (facts §2 no. 9). */
const SHORT_ID_BIT = 0x80;

/** READ BINARY, 00 B0 (facts §2 no. 9). */
export const readBinary: CommandHandler = (card, command) => {
  const file = currentDataFile(card, command.p1);
  card.session.demandRight(file, accessMode.data.read);
  demand(command.le !== null && command.data.length === 0, statusWord.wrongLength);
  const offset = (command.p1 << 8) | command.p2;
  demand(offset < file.content.length, statusWord.offsetOutside);
  const available = file.content.length - offset;
  if (command.le <= available) return file.content.slice(offset, offset + command.le);
  if (card.behaviour.readPastEnd === '6Cxx') refuse(exactLength(available));
  throw new CardRefusal(statusWord.endOfFile, file.content.slice(offset));
};

/** UPDATE BINARY, 00 D6 (facts §2 no. 10). */
export const updateBinary: CommandHandler = (card, command) => {
  const file = currentDataFile(card, command.p1);
  card.session.demandRight(file, accessMode.data.update);
  demand(command.data.length > 0, statusWord.wrongLength);
  const offset = (command.p1 << 8) | command.p2;
  demand(offset + command.data.length <= file.content.length, statusWord.offsetOutside);
  file.content.set(command.data, offset);
  card.changed();
  return undefined;
};

function currentDataFile(card: CardContext, p1: number): DataFile {
  demand((p1 & SHORT_ID_BIT) === 0, statusWord.badParameters);
  const { file } = card.session;
  demand(file !== null, statusWord.noCurrentFile);
  // A key or PIN is never read (facts §8).
  demand(file.type === 'data', statusWord.wrongFileType);
  return file;
}

/** DELETE FILE, 00 E4: the file named, looked up in the current folder, or the current file (facts §2 no. 8, T18). */
export const deleteFile: CommandHandler = (card, command) => {
  demand(command.p1 === 0 && command.p2 === 0, statusWord.badParameters);
  const file = fileToDelete(card, command.data);
  card.session.demandRight(file, accessMode.folder.delete);
  const full = file.type === 'folder' && file.children.length > 0;
  if (full && card.behaviour.deleteOfFullFolder === 'refused') refuse(statusWord.conditionsNotMet);
  card.session.leave(file);
  card.files.remove(file);
  // Rights that a PIN gave end with it.
  for (const reference of Object.values(pinReference))
    if (card.files.pin(reference) === undefined) card.session.logins &= ~reference;
  card.changed();
  return undefined;
};

function fileToDelete(card: CardContext, data: Uint8Array): CardFile {
  const { session } = card;
  if (data.length === 0) {
    const current = session.file ?? session.folder;
    demand(current !== null, statusWord.noCurrentFile);
    return current;
  }
  demand(data.length === 2, statusWord.wrongLength);
  const file = session.folder === null ? undefined : childWithId(session.folder, number16(data));
  demand(file !== undefined, statusWord.fileNotFound);
  return file;
}
