import { isKiltError } from '#shared/errors.ts';
import type { CardFiles } from './card-files.ts';
import { masterFile } from './file-control.ts';
import type { PinView } from './pin-access.ts';

/**
 * False when a format was cut off before both PINs were made: one of them is missing, or there is no master file. Where
 * the card says neither that a PIN is there nor that it is not, it is taken to be there as long as there are files.
 */
export async function arePinsWhole(files: CardFiles, pins: readonly PinView[]): Promise<boolean> {
  if (pins.some(({ presence }) => presence === 'missing')) return false;
  if (pins.every(({ presence }) => presence === 'there')) return true;
  try {
    return (await files.find(masterFile)) !== null;
  } catch (error) {
    if (isKiltError(error, 'token-answer-unexpected') || isKiltError(error, 'pin-needed')) return true;
    throw error;
  }
}
