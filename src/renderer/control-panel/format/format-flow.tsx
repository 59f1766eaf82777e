import { zodResolver } from '@hookform/resolvers/zod';
import { Button, Spinner } from '@fluentui/react-components';
import { useEffect, useState, type ReactNode } from 'react';
import { FormProvider, useForm, type Resolver } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import type { FormatPlan, PanelView } from '#shared/control-panel-views.ts';
import { failureOf } from '../../bridge.ts';
import { Screen } from '../../frame/screen.tsx';
import { useApp, useTokens } from '../../main-process.ts';
import { ErrorMessage } from '../../messages/error-message.tsx';
import { Notice } from '../../messages/notice.tsx';
import { LoginDialog } from '../administration/login-dialog.tsx';
import { emptyNewPin } from '../new-pin/new-pin-data.ts';
import { usePanel } from '../use-panel.ts';
import { ConfirmationStep } from './confirmation-step.tsx';
import { formatDataRules, formatOrder, initialFormatData, type FormatData } from './format-data.ts';
import { LossesStep } from './losses-step.tsx';
import type { Override } from './override.ts';
import { SettingsStep } from './settings-step.tsx';
import { useFormatPlan, type FormatTarget } from './use-format-plan.ts';
import type { Formatting } from './use-formatting.ts';

interface FlowProps {
  readonly target: FormatTarget;
  readonly formatting: Formatting;
  readonly onLeave: () => void;
  readonly toProfiles: () => void;
}

/** «Форматировать…», steps 1 to 3. What is typed lives in this component and goes with it. */
export function FormatFlow(props: FlowProps) {
  const { target, formatting, onLeave } = props;
  const { tokenId } = target;
  const { t } = useTranslation();
  const { tokens: present } = useTokens();
  // Once it has begun the token is busy, and what it held is told no more.
  const choosing = !formatting.pending && formatting.view === undefined;
  const plan = useFormatPlan(target, present, choosing);
  const panel = usePanel(tokenId);
  const gone = choosing && !present.some(({ id }) => id === tokenId);
  const error = plan.error ?? panel.error;

  if (!gone && plan.data !== undefined && panel.data !== undefined && error === null)
    return <PlannedFlow {...props} plan={plan.data} panel={panel.data} />;
  if (!choosing) return null;
  return (
    <Screen
      wide
      title={t('controlPanel.format.title')}
      onSubmit={onLeave}
      onCancel={onLeave}
      actions={<Button onClick={onLeave}>{t('controlPanel.format.result.toPanel')}</Button>}
    >
      {gone ? (
        <Notice intent="warning" title={t('controlPanel.format.tokenGone.title')}>
          <p>{t('controlPanel.format.tokenGone.text')}</p>
        </Notice>
      ) : error === null ? (
        <Spinner labelPosition="after" label={t('controlPanel.format.planning')} />
      ) : (
        <>
          <ErrorMessage error={failureOf(error)} />
          <Button
            onClick={() => {
              void plan.refetch();
              void panel.refetch();
            }}
          >
            {t('controlPanel.readAgain')}
          </Button>
        </>
      )}
    </Screen>
  );
}

function PlannedFlow({
  target,
  plan,
  panel,
  formatting,
  onLeave,
  toProfiles,
}: FlowProps & { plan: FormatPlan; panel: PanelView }) {
  const { t } = useTranslation();
  const weakPins = useApp().data?.settings.weakPins ?? 'warn';
  const finishing = plan.withoutAdministrator === 'half-formatted';
  // Where there is nothing left to lose one goes straight to what has to be chosen.
  const [step, setStep] = useState<'losses' | 'settings' | 'confirmation'>(
    finishing && plan.blockers.length === 0 ? 'settings' : 'losses',
  );
  const [override, setOverride] = useState<Override>();
  const [logsIn, setLogsIn] = useState(false);
  const resolver: Resolver<FormatData> = (typed, context, options) =>
    zodResolver(formatDataRules(typed, weakPins))(typed, context, options);
  const form = useForm<FormatData>({ defaultValues: initialFormatData(plan, weakPins), resolver });

  // PINs are not kept a moment longer than a refused «Начать» might need them again.
  const begun = (formatting.view?.done.length ?? 0) > 0;
  const { setValue } = form;
  useEffect(() => {
    if (!begun) return;
    setValue('user', emptyNewPin);
    setValue('administrator', emptyNewPin);
  }, [begun, setValue]);

  const administrator = panel.rights?.role === 'administrator';
  const needsLogin = plan.withoutAdministrator === null && !administrator;
  const notice: ReactNode = (
    <>
      {needsLogin && !formatting.pending && (
        <Notice intent="warning" title={t('controlPanel.rights.endedTitle')}>
          <p>{t('controlPanel.rights.endedText')}</p>
          <p>
            <Button
              onClick={() => {
                setLogsIn(true);
              }}
            >
              {t('controlPanel.logIn')}
            </Button>
          </p>
        </Notice>
      )}
      {finishing && step === 'settings' && (
        <Notice
          intent="info"
          title={t('controlPanel.format.withoutAdministrator.half-formatted.title')}
          live={false}
        >
          <p>{t('controlPanel.format.withoutAdministrator.half-formatted.text')}</p>
        </Notice>
      )}
    </>
  );
  // Its outcome is shown; what was typed stays for a «Начать» that is refused after all.
  if (formatting.view !== undefined) return null;
  const blocked = plan.blockers.some(({ kind }) => kind === 'several-tokens' || override === undefined);
  return (
    <FormProvider {...form}>
      {(step === 'losses' || blocked) && (
        <LossesStep
          plan={plan}
          notice={notice}
          // A registration that nobody could finish any more holds nothing back.
          mayOverride={
            administrator || (plan.withoutAdministrator !== null && panel.information.userPin.blocked)
          }
          override={override}
          onNext={(typed) => {
            setOverride(typed);
            setStep('settings');
          }}
          onLeave={onLeave}
          toProfiles={() => {
            onLeave();
            toProfiles();
          }}
        />
      )}
      {step === 'settings' && !blocked && (
        <SettingsStep
          notice={notice}
          weakPins={weakPins}
          onBack={() => {
            setStep('losses');
          }}
          onNext={() => {
            setStep('confirmation');
          }}
          onLeave={onLeave}
        />
      )}
      {step === 'confirmation' && !blocked && (
        <ConfirmationStep
          plan={plan}
          data={form.getValues()}
          override={override}
          notice={notice}
          ready={!needsLogin}
          starting={formatting.pending}
          error={formatting.error}
          onBack={() => {
            setStep('settings');
          }}
          onStart={(confirmation) => {
            formatting.start(formatOrder(target.tokenId, form.getValues(), confirmation, override));
          }}
          onLeave={onLeave}
        />
      )}
      {logsIn && (
        <LoginDialog
          panel={panel}
          role="administrator"
          onClose={() => {
            setLogsIn(false);
          }}
        />
      )}
    </FormProvider>
  );
}
