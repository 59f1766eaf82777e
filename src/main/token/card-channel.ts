import { wipe } from '#shared/bytes.ts';
import { decodeResponse, encodeCommand, type ApduChannel } from './apdu.ts';
import { withTrace, type ApduTrace } from './apdu-trace.ts';
import { offersOnlyT0 } from './atr.ts';
import type { CardTransport } from './card-transport.ts';
import { withCommandChaining } from './command-chaining.ts';
import { withExactLength, withGetResponse } from './response-collection.ts';

/** APDUs as bytes. The encoded command is wiped once it is sent, because it may hold a PIN. */
export function overTransport(transport: CardTransport): ApduChannel {
  const omitLe = offersOnlyT0(transport.atr);
  return {
    async send(command) {
      const bytes = encodeCommand(command, { omitLe });
      try {
        return decodeResponse(await transport.transmit(bytes));
      } finally {
        wipe(bytes);
      }
    },
  };
}

/** All processors between the KAZTOKEN commands and the card. The trace sees each APDU that is really sent. */
export const openCardChannel = (transport: CardTransport, trace: ApduTrace): ApduChannel =>
  withCommandChaining(withGetResponse(withExactLength(withTrace(overTransport(transport), trace))));
