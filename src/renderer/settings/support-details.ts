import type { TFunction } from 'i18next';
import type { AboutView, TokensView } from '#shared/views.ts';
import { tokenCondition } from '../frame/token-condition.ts';

/**
 * What support asks for first, one line each: versions, system, readers, and the state of each token by its serial
 * number. No names, user IDs or paths: the text goes into letters and chats.
 */
export function supportDetails(
  about: AboutView,
  { presence, tokens }: Pick<TokensView, 'presence' | 'tokens'>,
  t: TFunction,
): string {
  const lines: (readonly [string, string])[] = [
    [t('settings.version'), about.version],
    [t('settings.electron'), about.electron],
    [t('settings.chromium'), about.chromium],
    [t('settings.node'), about.node],
    [t('settings.system'), about.system],
    [t('settings.transport'), t(`settings.transports.${about.transport}`)],
    ...(presence === 'ready' ? [] : [[t('settings.presence'), t(`conditions.${presence}.state`)] as const]),
    ...tokens.map((token) => {
      const words = [
        token.model,
        token.reader,
        t(`conditions.${tokenCondition(token)}.state`),
        token.error && t('errors.code', { code: token.error.code }),
      ];
      return [
        t('settings.tokenState', { serial: token.serial ?? '' }).trim(),
        words.filter(Boolean).join(', '),
      ] as const;
    }),
  ];
  return lines.map(([name, value]) => `${name}: ${value}`).join('\n');
}
