import { Button, Checkbox, makeStyles, Spinner, tokens } from '@fluentui/react-components';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDate } from '#shared/texts/formats.ts';
import { tokenEntries, type TokenEntry } from '#shared/token-entries.ts';
import type { ProfileName, TokenView } from '#shared/views.ts';
import { call, failureOf } from '../bridge.ts';
import { CannotUse } from '../frame/cannot-use.tsx';
import { Screen } from '../frame/screen.tsx';
import { canBeOpened, isUnderWay, nextCheckOf, tokenCondition } from '../frame/token-condition.ts';
import { keepRegistration, useRegistrations, useTokens } from '../main-process.ts';
import { ErrorMessage } from '../messages/error-message.tsx';
import { Notice } from '../messages/notice.tsx';
import { Question } from '../messages/question.tsx';
import { useNow } from '../messages/use-now.ts';
import type { Go, Place } from '../place.ts';
import { Arrivals } from './arrivals.tsx';
import { CertificateEnds } from './certificate-ends.tsx';
import { NoToken } from './no-token.tsx';
import { TokenPassword } from './token-password.tsx';
import { TokenRow } from './token-row.tsx';
import { useChosenEntry } from './use-chosen-entry.ts';
import { useOpenToken, type Opened } from './use-open-token.ts';

const useStyles = makeStyles({
  list: { display: 'grid', gap: '12px', border: 'none', margin: '0 0 20px', padding: 0, minInlineSize: 0 },
  // Room for password, hints and attempts, so that choosing another row moves nothing.
  below: { minHeight: '132px' },
  password: { maxWidth: '440px' },
  oneMore: { marginBlockStart: '8px', marginInlineStart: '-8px' },
  hint: { margin: '0 0 0 36px', color: tokens.colorNeutralForeground2 },
  since: { color: tokens.colorNeutralForeground2, margin: '0 0 12px' },
});

/** «Выбор профиля»: the tokens present, the password, «ОК». */
export function Picker({
  place,
  go,
  toKeys,
}: {
  place: Extract<Place, { at: 'picker' }>;
  go: Go;
  toKeys: (tokenSerial: string) => void;
}) {
  const styles = useStyles();
  const { t } = useTranslation();
  const client = useQueryClient();
  const { presence, tokens: present, checkAgain } = useTokens();
  const registrations = useRegistrations();
  const [asksCreate, setAsksCreate] = useState<{ tokenId: string; defaultPin: boolean }>();
  const [notice, setNotice] = useState(place.notice);

  // A window may stand open for days.
  const now = useNow(true, 60_000);

  const resuming = useMutation({
    mutationFn: (ids: { journalId: string; tokenId: string }) => call('registration.resume', ids),
    onSuccess: (registration) => {
      keepRegistration(client, registration);
      go({ at: 'registration', journalId: registration.journalId });
    },
    onError: (error, { journalId }) => {
      go({ at: 'registration', journalId, problem: failureOf(error) });
    },
  });

  const opened = (answer: Opened, tokenId: string) => {
    switch (answer.outcome) {
      case 'signed-in':
        go({ at: 'home', home: answer.home });
        break;
      case 'create-profile': {
        const wizard = { tokenId, defaultPin: answer.defaultPin };
        // Who chose «Зарегистрировать» has said so already (manuals S1, S2, step 4.5), and who asked for one more.
        if (chosen?.kind === 'national' || oneMore) go({ at: 'wizard', serial: chosen.serial, ...wizard });
        else setAsksCreate(wizard);
        break;
      }
      case 'continue-registration': {
        const { journalId, needs } = answer.registration;
        keepRegistration(client, answer.registration);
        if (needs.registrationData || needs.pinOnToken !== 'new') go({ at: 'registration', journalId });
        else resuming.mutate({ journalId, tokenId });
      }
    }
  };

  const field = useRef<HTMLInputElement>(null);
  const entries = present.flatMap(tokenEntries);
  const { chosen, choose } = useChosenEntry(entries, place.tokenId, field);
  const [oneMoreOn, setOneMoreOn] = useState<string>();
  // One registration at a time on a token.
  const canHaveMore = chosen?.profile !== undefined && !entries.some(isUnfinishedOn(chosen));
  const oneMore = canHaveMore && oneMoreOn === chosen.entryId;
  const opening = useOpenToken(chosen, field, opened, oneMore ? 'new' : profileOf(chosen));

  const condition = chosen && tokenCondition(chosen, registrations, { now });
  const signsIn = (condition === 'registered' || condition === 'ended') && !oneMore;
  const askable = condition !== undefined && canBeOpened(condition);

  // The moment of insertion: the row is there and one types.
  const chosenId = chosen?.entryId;
  useEffect(() => {
    if (askable) field.current?.focus();
  }, [askable, chosenId, field]);

  const saidToBeBlocked = condition === 'blocked' && opening.error?.id === 'pin-blocked';
  const running = registrations?.find((one) => one.state === 'running' && one.tokenSerial === chosen?.serial);
  const busy = opening.pending || resuming.isPending;
  const clear = () => {
    opening.reset();
    setNotice(undefined);
    setOneMoreOn(undefined);
    field.current?.focus();
  };
  const submit = () => {
    setNotice(undefined);
    if (isUnderWay(condition) && running !== undefined)
      go({ at: 'registration', journalId: running.journalId });
    else if (askable) opening.submit();
  };

  return (
    <Screen
      title={t('picker.title')}
      focus="none"
      onSubmit={submit}
      onCancel={askable ? clear : undefined}
      actions={
        present.length > 0 && (
          <>
            {busy && (
              <Spinner data-apart size="tiny" label={t(signsIn ? 'picker.signingIn' : 'picker.checking')} />
            )}
            <Button
              appearance="primary"
              type="submit"
              disabled={busy || (!askable && !isUnderWay(condition))}
            >
              {isUnderWay(condition) ? t('frame.chip.showRegistration') : t('common.ok')}
            </Button>
            <Button onClick={clear} disabled={busy || !askable}>
              {t('common.cancel')}
            </Button>
          </>
        )
      }
    >
      {notice?.kind === 'error' && <ErrorMessage error={notice.error} />}
      {notice?.kind === 'session-ended' && (
        <Notice intent="info" title={t('picker.sessionEnded.title')}>
          <p>{t('picker.sessionEnded.text')}</p>
        </Notice>
      )}
      <CertificateEnds toKeys={toKeys} />
      {present.length === 0 ? (
        <NoToken presence={presence === 'ready' ? 'starting' : presence} checkAgain={checkAgain} />
      ) : (
        <>
          <div role="radiogroup" aria-label={t('picker.listLabel')} className={styles.list}>
            {entries.map((entry) => (
              <TokenRow
                key={entry.entryId}
                entry={entry}
                condition={tokenCondition(entry, registrations, { now })}
                nextCheck={nextCheckOf(entry, registrations)}
                chosen={entry.entryId === chosenId}
                now={now}
                onChoose={() => {
                  opening.reset();
                  setNotice(undefined);
                  setOneMoreOn(undefined);
                  choose(entry.entryId);
                }}
              />
            ))}
          </div>
          <div className={styles.below}>
            {opening.error !== undefined && <ErrorMessage error={opening.error} />}
            {chosen?.unfinished !== undefined && (condition === 'unfinished' || condition === 'accepted') && (
              <p className={styles.since}>
                {t(startedElsewhere(chosen) ? 'picker.unfinishedElsewhere' : 'picker.unfinishedSince', {
                  date: formatDate(new Date(chosen.unfinished.startedAt)),
                  userId: chosen.unfinished.userId,
                  computer: chosen.unfinished.computer ?? '',
                })}
              </p>
            )}
            {chosen !== undefined && askable && (
              <div className={styles.password}>
                <TokenPassword token={chosen} opening={opening} />
              </div>
            )}
            {askable && canHaveMore && (
              <div className={styles.oneMore}>
                <Checkbox
                  checked={oneMore}
                  disabled={busy}
                  label={t('picker.oneMore.label')}
                  onChange={(_, { checked }) => {
                    setOneMoreOn(checked === true ? chosen.entryId : undefined);
                  }}
                />
                {oneMore && <p className={styles.hint}>{t('picker.oneMore.hint')}</p>}
              </div>
            )}
            {/* The attempt that blocked the PIN has just said so, with its code. */}
            {chosen !== undefined && condition !== undefined && !askable && !saidToBeBlocked && (
              <CannotUse token={chosen} condition={condition} checkAgain={checkAgain} />
            )}
          </div>
        </>
      )}
      <Arrivals present={present} />
      <Question
        open={asksCreate !== undefined}
        title={t('picker.createProfile.title')}
        first={{
          label: t('common.ok'),
          onChoose: () => {
            if (asksCreate) go({ at: 'wizard', serial: chosen?.serial, ...asksCreate });
          },
        }}
        second={{
          label: t('common.cancel'),
          onChoose: () => {
            // The password waits in the main process for the wizard that does not come.
            if (asksCreate)
              void call('profile.leave', { tokenId: asksCreate.tokenId }).catch(() => undefined);
            setAsksCreate(undefined);
            requestAnimationFrame(() => field.current?.focus());
          },
        }}
      >
        {t('picker.createProfile.text')}
      </Question>
    </Screen>
  );
}

const isUnfinishedOn =
  (chosen: TokenEntry) =>
  ({ id, profile }: TokenEntry): boolean =>
    id === chosen.id && profile === undefined;

/** Of a row among several of its token; else the token itself decides. */
const profileOf = (chosen: TokenEntry | undefined): ProfileName | undefined => {
  if (chosen?.shared !== true) return undefined;
  const { bankId, userId } = chosen.profile ?? chosen.unfinished ?? {};
  return bankId === undefined || userId === undefined ? undefined : { bankId, userId };
};

/** On another computer, or here before this computer's own records were lost; it goes on here all the same. */
const startedElsewhere = (token: TokenView): boolean => token.unfinished?.computer !== undefined;
