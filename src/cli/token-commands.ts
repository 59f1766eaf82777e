import { KiltError } from '#shared/errors.ts';
import { chooseToken, waitForTokens } from './choose-token.ts';
import type { CommandRun } from './command.ts';
import { tokenDetails, tokenLine } from './token-lines.ts';

/** A list is no reason to wait long for something that may never come. */
const listPatienceSeconds = 2;

export const tokensCommand: CommandRun<object> = async (kilt, options, { result, t }) => {
  await waitForTokens(kilt, options.wait ?? listPatienceSeconds);
  const view = kilt.tokensView();
  const { presence } = view;
  result(view, () =>
    view.tokens.length > 0 || presence === 'ready'
      ? view.tokens.map((token) => tokenLine(token, t))
      : [t(`conditions.${presence}.state`), t(`conditions.${presence}.next`)],
  );
};

export const infoCommand: CommandRun<{ token?: string }> = async (kilt, options, { result, t }) => {
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
    privateData: objects.privateData ?? [],
  };
  result(value, () => tokenDetails(view, { info, objects }, t));
};
