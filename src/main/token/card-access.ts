import type { CardAccess } from './card-transport.ts';
import { PcscAccess } from './pcsc-access.ts';
import { createVirtualReaders } from './virtual-reader.ts';

/** The readers of this computer, or the virtual reader that unpackaged builds have for testing. */
export function createCardAccess(options: {
  readonly transport: CardAccess['kind'];
  readonly virtualReaderPort: number;
  readonly virtualReaderSlots?: number;
  readonly virtualReaderName?: string | undefined;
}): CardAccess {
  if (options.transport === 'pcsc') return new PcscAccess();
  const { virtualReaderPort: port, virtualReaderSlots: slots = 1, virtualReaderName: usbName } = options;
  return createVirtualReaders({ port, slots, usbName });
}
