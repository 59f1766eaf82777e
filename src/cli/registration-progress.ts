import type { TFunction } from 'i18next';
import { formatDate, formatMoment } from '#shared/texts/formats.ts';
import type { RegistrationStep, RegistrationView } from '#shared/views.ts';

/** Steps during which nothing seems to happen for minutes. */
const keySteps: readonly RegistrationStep[] = ['signature-key-made', 'sign-in-key-made'];

/** Tells how a registration goes, each thing once. */
export function progressTeller(t: TFunction, tell: (line: string) => void): (view: RegistrationView) => void {
  let toldStep: RegistrationStep | undefined;
  let toldWait: string | undefined;
  let toldKeys = false;
  return ({ state, current, waitingUntil }) => {
    if (state !== 'running') return;
    if (current !== undefined && current !== toldStep) {
      toldStep = current;
      tell(`${t(`registration.steps.${current}`)}…`);
      if (keySteps.includes(current) && !toldKeys) {
        toldKeys = true;
        tell(t('registration.keyNote'));
      }
    }
    if (waitingUntil !== undefined && waitingUntil !== toldWait) {
      toldWait = waitingUntil;
      tell(t('registration.waitingText', { time: formatMoment(new Date(waitingUntil), new Date()) }));
    }
  };
}

/** Said before an unfinished registration goes on. */
export const continuingText = ({ userId, startedAt, current }: RegistrationView, t: TFunction): string =>
  t('registration.resumeText', {
    userId,
    date: formatDate(new Date(startedAt)),
    step: current === undefined ? '' : t(`registration.steps.${current}`),
  });
