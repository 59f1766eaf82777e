import { Button, Field, makeStyles, Spinner, tokens } from '@fluentui/react-components';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { FormatPlan } from '#shared/control-panel-views.ts';
import type { ErrorView } from '#shared/views.ts';
import { PlainInput } from '../../fields/plain-input.tsx';
import { useKeptFocus } from '../../frame/kept-focus.ts';
import { Screen } from '../../frame/screen.tsx';
import { ErrorMessage } from '../../messages/error-message.tsx';
import { Facts } from '../../messages/facts.tsx';
import { useDestructiveStyles } from '../destructive-styles.ts';
import type { PinRole } from '../pin-role.ts';
import { formatSettingsOf, type FormatData } from './format-data.ts';
import { FormatSteps } from './format-steps.tsx';
import type { Override } from './override.ts';

const useStyles = makeStyles({
  lead: { margin: '0 0 12px', 'h1 + &': { marginTop: '-12px' } },
  group: { paddingBlock: '8px', borderTop: `1px solid ${tokens.colorNeutralStroke2}` },
  heading: { margin: '0 0 6px', fontSize: tokens.fontSizeBase300, lineHeight: tokens.lineHeightBase300 },
  loss: { color: tokens.colorStatusDangerForeground3, fontWeight: tokens.fontWeightSemibold },
  typed: {
    paddingBlockStart: '12px',
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
    maxWidth: '440px',
  },
  wanted: {
    display: 'block',
    margin: '2px 0 8px',
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase400,
    fontWeight: tokens.fontWeightSemibold,
    overflowWrap: 'anywhere',
  },
});

/** Step 3: everything in one glance, the name typed, «Начать», which no Enter presses. */
export function ConfirmationStep({
  plan,
  data,
  override,
  notice,
  ready,
  starting,
  error,
  onBack,
  onStart,
  onLeave,
}: {
  plan: FormatPlan;
  data: FormatData;
  override: Override | undefined;
  notice: ReactNode;
  /** False while something else has to be done first, which `notice` says. */
  ready: boolean;
  starting: boolean;
  error: ErrorView | undefined;
  onBack: () => void;
  onStart: (confirmation: string) => void;
  onLeave: () => void;
}) {
  const styles = useStyles();
  const destructive = useDestructiveStyles();
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const asked = useRef<HTMLDivElement>(null);
  const [differs, setDiffers] = useState(false);
  const [notLatin, setNotLatin] = useState(false);
  // In a small window what is said below the field would stay out of sight.
  useEffect(() => {
    if (differs) asked.current?.scrollIntoView({ block: 'nearest' });
  }, [differs]);
  useKeptFocus(asked, starting);
  const settings = formatSettingsOf(data);
  const noName = t('controlPanel.noName');
  const destroyed = [
    plan.certificates.length > 0 &&
      t('controlPanel.format.confirmation.destroyedCertificates', { count: plan.certificates.length }),
    plan.keys.length > 0 && t('controlPanel.format.confirmation.destroyedKeys', { count: plan.keys.length }),
  ].filter((part) => part !== false);
  const pin = (role: PinRole) =>
    t('controlPanel.format.confirmation.pinFacts', {
      kind: t(`controlPanel.format.confirmation.${data.standard[role] ? 'pinStandard' : 'pinNew'}`),
      length: Number(data.minLength[role]),
      attempts: Number(data.attempts[role]),
    });
  const start = () => {
    const typed = field.current?.value.trim() ?? '';
    setDiffers(typed !== plan.confirmWith);
    if (typed === plan.confirmWith) onStart(typed);
    else field.current?.focus();
  };
  return (
    <Screen
      wide
      title={t('controlPanel.format.confirmation.title')}
      beside={<FormatSteps current="confirmation" />}
      onCancel={starting ? undefined : onLeave}
      actions={
        <>
          {starting && <Spinner data-apart size="tiny" label={t('controlPanel.format.progress.title')} />}
          <Button onClick={onBack} disabled={starting}>
            {t('common.back')}
          </Button>
          {ready && (
            <Button appearance="outline" className={destructive.button} disabled={starting} onClick={start}>
              {t('controlPanel.format.confirmation.go')}
            </Button>
          )}
          <Button onClick={onLeave} disabled={starting}>
            {t('controlPanel.format.leave')}
          </Button>
        </>
      }
    >
      {notice}
      {error !== undefined && <ErrorMessage error={error} />}
      <p className={styles.lead}>{t('controlPanel.format.confirmation.text')}</p>
      <section className={styles.group}>
        <h2 className={styles.heading}>{t('controlPanel.format.confirmation.token')}</h2>
        <Facts
          facts={[
            [t('controlPanel.format.confirmation.tokenName'), plan.label?.trim() || noName],
            [t('controlPanel.format.confirmation.serial'), plan.serial],
            [
              t('controlPanel.format.confirmation.destroyed'),
              destroyed.length === 0 ? (
                t('controlPanel.format.confirmation.destroyedNothing')
              ) : (
                <span key="destroyed" className={styles.loss}>
                  {destroyed.join(', ')}
                </span>
              ),
            ],
            ...(override === undefined
              ? []
              : [[t('controlPanel.format.confirmation.override'), override.reason] as const]),
          ]}
        />
      </section>
      <section className={styles.group}>
        <h2 className={styles.heading}>{t('controlPanel.format.confirmation.settings')}</h2>
        <Facts
          facts={[
            [t('controlPanel.format.confirmation.newName'), settings.label || noName],
            [
              t('controlPanel.format.confirmation.changedBy'),
              t(`controlPanel.changedBy.${settings.userPinChangedBy}`),
            ],
            [t('controlPanel.pinOf.user'), pin('user')],
            [t('controlPanel.pinOf.administrator'), pin('administrator')],
          ]}
        />
      </section>
      <div ref={asked} className={styles.typed}>
        <Field
          label={
            <>
              {t(
                plan.label?.trim() === plan.confirmWith
                  ? 'controlPanel.format.confirmation.typeName'
                  : 'controlPanel.format.confirmation.typeSerial',
              )}
              <span className={styles.wanted}>{plan.confirmWith}</span>
            </>
          }
          validationMessage={
            differs ? t('controlPanel.format.confirmation.differs', { text: plan.confirmWith }) : null
          }
          hint={notLatin ? t('fields.notLatin') : null}
        >
          <PlainInput
            ref={field}
            autoComplete="off"
            spellCheck={false}
            disabled={starting}
            onChange={(event) => {
              setDiffers(false);
              setNotLatin(/[^\x20-\x7e]/.test(event.target.value) && !/[^\x20-\x7e]/.test(plan.confirmWith));
            }}
          />
        </Field>
      </div>
    </Screen>
  );
}
