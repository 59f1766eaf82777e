import { fromBase64, KiltClient, KiltClientError, toBase64 } from '#kilt-client/index.ts';
import { WayFailure, type Challenge, type OrderDocument, type Way } from './way.ts';

export const kilt = new KiltClient();

/** Through the browser's extension, with the page library: the way that Kilt recommends. */
export const extensionWay: Way = {
  signIn: (challenge: Challenge, signal) =>
    told(async () => {
      const { certificate, signature } = await kilt.signIn(
        { nonce: fromBase64(challenge.nonce) },
        { signal },
      );
      return { certificate: toBase64(certificate), signature: toBase64(signature) };
    }),
  sign: ({ name, mediaType, document }: OrderDocument, signal) =>
    told(async () => {
      const documents = [{ name, mediaType, bytes: fromBase64(document) }];
      const [signed] = await kilt.sign({ documents, form: 'detached' }, { signal });
      if (!signed) throw new KiltClientError('failed');
      return toBase64(signed.signature);
    }),
};

async function told<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof KiltClientError)) throw error;
    throw new WayFailure(`reason.${error.reason}`, {}, error.code);
  }
}
