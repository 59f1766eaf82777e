import {
  Button,
  Checkbox,
  Field,
  makeStyles,
  Radio,
  RadioGroup,
  Select,
  tokens,
} from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { Controller, useFormContext, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import type { PinChangedBy } from '#shared/control-panel-views.ts';
import type { SettingsView } from '#shared/views.ts';
import { PlainInput } from '../../fields/plain-input.tsx';
import { Screen } from '../../frame/screen.tsx';
import type { LabelComplaint } from '../administration/token-label.ts';
import { NewPinFields } from '../new-pin/new-pin-fields.tsx';
import { pinRoles, type PinRole } from '../pin-role.ts';
import { attemptsOf, minLengths, standardFits, type FormatData } from './format-data.ts';
import { FormatSteps } from './format-steps.tsx';

const useStyles = makeStyles({
  form: { display: 'grid', gap: '16px', maxWidth: '560px' },
  radios: { display: 'flex', flexWrap: 'wrap', columnGap: '8px' },
  pin: {
    minInlineSize: 0,
    margin: 0,
    padding: '12px 16px 16px',
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusXLarge,
  },
  legend: { padding: '0 6px', marginInlineStart: '-6px', fontWeight: tokens.fontWeightSemibold },
  numbers: { display: 'flex', flexWrap: 'wrap', gap: '12px 24px', marginBlockEnd: '8px' },
  number: { minWidth: '120px' },
  standard: { marginInlineStart: '-8px' },
  newPin: { marginBlockStart: '10px' },
});

const changers: readonly PinChangedBy[] = ['user', 'administrator', 'both'];

/** Step 2: the settings of the manual's dialog. */
export function SettingsStep({
  notice,
  weakPins,
  onBack,
  onNext,
  onLeave,
}: {
  notice: ReactNode;
  weakPins: SettingsView['weakPins'];
  onBack: () => void;
  onNext: () => void;
  onLeave: () => void;
}) {
  const styles = useStyles();
  const { t } = useTranslation();
  const { register, control, formState, handleSubmit } = useFormContext<FormatData>();
  const changedBy = useWatch({ control, name: 'userPinChangedBy' });
  const complaint = formState.errors.label?.message as LabelComplaint | undefined;
  return (
    <Screen
      wide
      title={t('controlPanel.format.settings.title')}
      beside={<FormatSteps current="settings" />}
      focus="first-field"
      onSubmit={() => void handleSubmit(onNext)()}
      onCancel={onLeave}
      actions={
        <>
          <Button onClick={onBack}>{t('common.back')}</Button>
          <Button appearance="primary" type="submit">
            {t('common.next')}
          </Button>
          <Button onClick={onLeave}>{t('controlPanel.format.leave')}</Button>
        </>
      }
    >
      {notice}
      <div className={styles.form}>
        <Field
          label={t('controlPanel.format.settings.label')}
          hint={t('controlPanel.format.settings.labelHint')}
          validationMessage={complaint === undefined ? null : t(complaint)}
        >
          <PlainInput {...register('label')} autoComplete="off" spellCheck={false} />
        </Field>
        <Controller
          control={control}
          name="userPinChangedBy"
          render={({ field: { value, onChange } }) => (
            <Field
              label={t('controlPanel.format.settings.changedBy')}
              hint={t(`controlPanel.format.settings.changedByHint.${changedBy}`)}
            >
              <RadioGroup
                layout="horizontal"
                className={styles.radios}
                value={value}
                onChange={(_, data) => {
                  onChange(data.value);
                }}
              >
                {changers.map((one) => (
                  <Radio key={one} value={one} label={t(`controlPanel.changedBy.${one}`)} />
                ))}
              </RadioGroup>
            </Field>
          )}
        />
        {pinRoles.map((role) => (
          <PinSettings key={role} role={role} weakPins={weakPins} />
        ))}
      </div>
    </Screen>
  );
}

/** Length, attempts and value of one PIN. */
function PinSettings({ role, weakPins }: { role: PinRole; weakPins: SettingsView['weakPins'] }) {
  const styles = useStyles();
  const { t } = useTranslation();
  const { register, control, setValue } = useFormContext<FormatData>();
  const [minLength, standard] = useWatch({ control, name: [`minLength.${role}`, `standard.${role}`] });
  const fits = standardFits(role, minLength);
  return (
    <fieldset className={styles.pin}>
      <legend className={styles.legend}>{t(`controlPanel.pinOf.${role}`)}</legend>
      <div className={styles.numbers}>
        <Field className={styles.number} label={t('controlPanel.format.settings.minLength')}>
          <Select
            {...register(`minLength.${role}`, {
              onChange: (event: { target: { value: string } }) => {
                if (!standardFits(role, event.target.value)) setValue(`standard.${role}`, false);
              },
            })}
          >
            {minLengths.map((length) => (
              <option key={length} value={length}>
                {length}
              </option>
            ))}
          </Select>
        </Field>
        <Field className={styles.number} label={t('controlPanel.format.settings.attempts')}>
          <Select {...register(`attempts.${role}`)}>
            {attemptsOf[role].map((attempts) => (
              <option key={attempts} value={attempts}>
                {attempts}
              </option>
            ))}
          </Select>
        </Field>
      </div>
      {weakPins === 'warn' && (
        <Field
          hint={
            fits
              ? t(`controlPanel.format.settings.standardHint.${role}`)
              : t('controlPanel.format.settings.standardShort')
          }
        >
          <Controller
            control={control}
            name={`standard.${role}`}
            render={({ field: { value, onChange, ...field } }) => (
              <Checkbox
                {...field}
                className={styles.standard}
                label={t(`controlPanel.format.settings.standard.${role}`)}
                disabled={!fits}
                checked={value}
                onChange={(_, data) => {
                  onChange(data.checked === true);
                }}
              />
            )}
          />
        </Field>
      )}
      {!standard && (
        <div className={styles.newPin}>
          <NewPinFields role={role} policy={{ minLength: Number(minLength), weakPins }} />
        </div>
      )}
    </fieldset>
  );
}
