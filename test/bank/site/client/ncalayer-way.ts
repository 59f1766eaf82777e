import { NCALayerClient } from 'ncalayer-js-client';
import { loopbackPorts, loopbackState } from './loopback.ts';
import { WayFailure, type Way } from './way.ts';

/**
 * As pages written for NCALayer do it: with somebody else's library over a WebSocket on this computer. Such a page has
 * everything signed as a document, the sign-in too.
 */
export const ncalayerWay: Way = {
  signIn: async ({ statement }, signal) => ({ cms: await signed(statement, signal) }),
  sign: ({ document }, signal) => signed(document, signal),
};

async function signed(content: string, signal: AbortSignal): Promise<string> {
  const client = await connected();
  const aborted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      client.wsConnection?.close();
      reject(new WayFailure('reason.aborted'));
    });
  });
  try {
    const signing = client.createCAdESFromBase64('AKKaztokenStore', content, 'SIGNATURE', false);
    return withoutFrame(await Promise.race([signing, aborted]));
  } catch (error) {
    if (error instanceof WayFailure) throw error;
    const { canceledByUser } = error as { canceledByUser?: boolean };
    throw new WayFailure(canceledByUser === true ? 'reason.user-refused' : 'reason.failed');
  } finally {
    client.wsConnection?.close();
  }
}

async function connected(): Promise<NCALayerClient> {
  for (const port of loopbackPorts) {
    const client = new NCALayerClient(`wss://127.0.0.1:${String(port)}`, false);
    try {
      await client.connect();
      return client;
    } catch {
      // The next port, or nobody.
    }
  }
  const state = await loopbackState();
  throw new WayFailure(
    state === 'permission-denied' ? 'reason.permission-denied' : 'reason.certificate-untrusted',
    { port: String(loopbackPorts[0]) },
  );
}

/** Base64 of the CMS, of whatever lines it came in. */
const withoutFrame = (text: string): string => text.replaceAll(/-----[A-Z0-9 ]+-----|\s/g, '');
