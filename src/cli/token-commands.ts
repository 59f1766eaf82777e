import { KiltError } from '#shared/errors.ts';
import type { TokenView } from '#shared/views.ts';
import { chooseToken, waitForTokens } from './choose-token.ts';
import type { CommandRun } from './main.ts';

export const tokensCommand: CommandRun<object> = async (kilt, options, output) => {
  await waitForTokens(kilt, options.wait);
  const view = kilt.tokensView();
  output.result(view, () =>
    view.tokens.length === 0
      ? [view.presence]
      : view.tokens.map((token) => `${entryText(token)}\t${token.state}`),
  );
};

/** As the picker writes it: the label, or the manuals' words for a token without one. */
const entryText = (token: TokenView): string =>
  `${token.label ?? 'KAZTOKEN <no label> - ?'}\t${token.serial ?? ''}\t${token.kind}`;

export const infoCommand: CommandRun<{ token?: string }> = async (kilt, options, output) => {
  const view = await chooseToken(kilt, options);
  const known = kilt.tokens.tokens().find(({ id }) => id === view.id);
  if (!known?.info || !known.objects) throw known?.error ?? new KiltError('token-removed');
  const { info, objects } = known;
  const value = {
    ...view,
    info,
    keys: objects.keys,
    dataObjects: objects.dataObjects.map(({ application, label, content }) => ({
      application,
      label,
      bytes: content.length,
    })),
  };
  output.result(value, () => [
    entryText(view),
    `${info.model} ${info.serial}`,
    `PIN: ${info.userPin.attemptsLeft ?? '?'}/${info.userPin.maxAttempts ?? '?'}`,
    ...objects.keys.map((key) => `${key.id}\t${key.algorithm.toUpperCase()} ${key.bits}\t${key.label}`),
    ...view.certificates.map(
      (certificate) => `${certificate.subjectName}\t${certificate.notAfter.slice(0, 10)}`,
    ),
  ]);
};
