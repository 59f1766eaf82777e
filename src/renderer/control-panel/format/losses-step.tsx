import { zodResolver } from '@hookform/resolvers/zod';
import { Button, Field, makeStyles, Textarea, tokens } from '@fluentui/react-components';
import { useState, type ReactNode } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import type { FormatPlan } from '#shared/control-panel-views.ts';
import { PlainInput } from '../../fields/plain-input.tsx';
import { Screen } from '../../frame/screen.tsx';
import { Notice } from '../../messages/notice.tsx';
import { Blockers } from './blockers.tsx';
import { DestroyedList } from './destroyed-list.tsx';
import { FormatSteps } from './format-steps.tsx';
import { overrideRules, type Override, type OverrideComplaint } from './override.ts';

const useStyles = makeStyles({
  lead: { margin: '0 0 16px', 'h1 + &': { marginTop: '-12px' } },
  override: {
    display: 'grid',
    gap: '10px',
    marginBlockEnd: '16px',
    padding: '12px 16px',
    border: `1px solid ${tokens.colorStatusDangerBorder1}`,
    borderRadius: tokens.borderRadiusLarge,
  },
  heading: { margin: 0, fontSize: tokens.fontSizeBase400, lineHeight: tokens.lineHeightBase400 },
  text: { margin: 0 },
  serial: { maxWidth: '280px' },
});

/** Step 1: what stands against it, then everything that will be gone. */
export function LossesStep({
  plan,
  notice,
  mayOverride,
  override,
  onNext,
  onLeave,
  toProfiles,
}: {
  plan: FormatPlan;
  notice: ReactNode;
  /** An administrator may lift the refusal over an unfinished registration. */
  mayOverride: boolean;
  override: Override | undefined;
  onNext: (override: Override | undefined) => void;
  onLeave: () => void;
  toProfiles: () => void;
}) {
  const styles = useStyles();
  const { t } = useTranslation();
  const [overriding, setOverriding] = useState(override !== undefined);
  const form = useForm<Override>({
    defaultValues: override ?? { serial: '', reason: '' },
    resolver: zodResolver(overrideRules(plan.serial)),
  });
  const said = (complaint: string | undefined) =>
    complaint === undefined ? null : t(complaint as OverrideComplaint);
  const { errors } = form.formState;

  const several = plan.blockers.some(({ kind }) => kind === 'several-tokens');
  const unfinished = plan.blockers.some(({ kind }) => kind !== 'several-tokens');
  const open = unfinished && mayOverride && overriding;
  const stopped = several || (unfinished && !open);
  const inUse = plan.certificates.filter(({ usedByBank }) => usedByBank !== undefined).length;
  const empty = plan.certificates.length === 0 && plan.keys.length === 0;
  // A registration that has only just begun is a record and nothing else, and is worth the most.
  const what = !empty ? 'text' : plan.otherObjects > 0 || unfinished ? 'noObjects' : 'nothing';
  const name = plan.label?.trim() ?? '';
  const next = () => {
    if (stopped) return;
    if (!open) onNext(undefined);
    else void form.handleSubmit(onNext)();
  };
  return (
    <Screen
      wide
      title={t('controlPanel.format.losses.title')}
      beside={<FormatSteps current="losses" />}
      onSubmit={next}
      onCancel={onLeave}
      actions={
        <>
          {!stopped && (
            <Button appearance="primary" type="submit">
              {t('common.next')}
            </Button>
          )}
          <Button onClick={onLeave}>{t('controlPanel.format.leave')}</Button>
        </>
      }
    >
      <p className={styles.lead}>
        {name === ''
          ? t('controlPanel.format.losses.tokenWithoutName', { serial: plan.serial })
          : t('controlPanel.format.losses.token', { name, serial: plan.serial })}
      </p>
      {notice}
      <Blockers
        plan={plan}
        override={!mayOverride ? 'not-allowed' : open ? 'open' : 'possible'}
        onOverride={() => {
          setOverriding(true);
          requestAnimationFrame(() => {
            form.setFocus('serial');
          });
        }}
        toProfiles={toProfiles}
      />
      {open && (
        <section className={styles.override}>
          <h2 className={styles.heading}>{t('controlPanel.format.override.title')}</h2>
          <p className={styles.text}>{t('controlPanel.format.override.text')}</p>
          <Field
            className={styles.serial}
            label={t('controlPanel.format.override.serial')}
            hint={t('controlPanel.format.override.serialHint', { serial: plan.serial })}
            validationMessage={said(errors.serial?.message)}
          >
            <PlainInput {...form.register('serial')} autoComplete="off" spellCheck={false} />
          </Field>
          <Field
            label={t('controlPanel.format.override.reason')}
            hint={t('controlPanel.format.override.reasonHint')}
            validationMessage={said(errors.reason?.message)}
          >
            <Textarea {...form.register('reason')} rows={2} />
          </Field>
        </section>
      )}
      {plan.withoutAdministrator !== null && (
        <Notice
          intent={plan.withoutAdministrator === 'half-formatted' ? 'info' : 'warning'}
          title={t(`controlPanel.format.withoutAdministrator.${plan.withoutAdministrator}.title`)}
          live={false}
        >
          <p>{t(`controlPanel.format.withoutAdministrator.${plan.withoutAdministrator}.text`)}</p>
        </Notice>
      )}
      {inUse > 0 && (
        <Notice
          intent="warning"
          title={t('controlPanel.format.losses.inUseTitle', { count: inUse })}
          live={false}
        >
          <p>{t('controlPanel.format.losses.inUseText')}</p>
        </Notice>
      )}
      <p className={styles.text}>
        {plan.withoutAdministrator === 'half-formatted'
          ? t('controlPanel.format.losses.halfFormatted')
          : t(`controlPanel.format.losses.${what}`)}
      </p>
      <DestroyedList plan={plan} />
    </Screen>
  );
}
