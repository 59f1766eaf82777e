import type { CardAccess } from './card-transport.ts';
import { PcscAccess } from './pcsc-access.ts';
import { createVirtualReaders } from './virtual-reader.ts';

/** The readers of this computer, or the virtual reader that unpackaged builds have for testing. */
export function createCardAccess(options: {
  readonly transport: CardAccess['kind'];
  readonly virtualReaderPort: number;
}): CardAccess {
  return options.transport === 'pcsc'
    ? new PcscAccess()
    : createVirtualReaders({ port: options.virtualReaderPort });
}
