import { Button, Checkbox, Field, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { FolderOpen20Regular } from '@fluentui/react-icons/svg/folder-open';
import { useMutation } from '@tanstack/react-query';
import { Controller, useFormContext, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { call, failureOf } from '../bridge.ts';
import { PlainInput } from '../fields/plain-input.tsx';
import { SecretField } from '../fields/secret-field.tsx';
import { withoutRef } from '../fields/without-ref.ts';
import { ErrorMessage } from '../messages/error-message.tsx';
import type { FieldComplaint, RegistrationData } from './registration-data.ts';
import { RegistrationPinField } from './registration-pin-field.tsx';

const useStyles = makeStyles({
  fields: { display: 'grid', gap: '14px', maxWidth: '440px' },
  file: { display: 'flex', alignItems: 'center', gap: '12px', minWidth: 0 },
  fileName: { minWidth: 0, overflowWrap: 'anywhere' },
  none: { color: tokens.colorNeutralForeground2 },
  same: { marginInlineStart: '-8px' },
});

export type HelpSubject = 'userId' | 'registrationPin' | 'keyFile';

/** ID, ПИН, key file and its password: those of step 2 which the bank asks for, or which must be typed once more. */
export function RegistrationDataFields({
  askUserId,
  askKeyFile,
  onHelp,
}: {
  askUserId: boolean;
  askKeyFile: boolean;
  onHelp: (subject: HelpSubject) => void;
}) {
  const styles = useStyles();
  const { t } = useTranslation();
  const { register, control, formState } = useFormContext<RegistrationData>();
  const { errors } = formState;
  const sameAsPin = useWatch({ control, name: 'sameAsPin' });
  const pin = useWatch({ control, name: 'registrationPin' });
  const choosing = useMutation({ mutationFn: () => call('wizard.chooseKeyFile', undefined) });
  const said = (complaint: string | undefined) =>
    complaint === undefined ? undefined : t(complaint as FieldComplaint, { count: pin.length });

  return (
    <div className={styles.fields}>
      {askUserId && (
        <Field
          label={t('fields.userId')}
          hint={t('fields.userIdHint')}
          validationMessage={said(errors.userId?.message) ?? null}
          required
        >
          <PlainInput
            {...register('userId')}
            autoComplete="off"
            spellCheck={false}
            onFocus={() => {
              onHelp('userId');
            }}
          />
        </Field>
      )}
      <RegistrationPinField
        field={register('registrationPin')}
        error={said(errors.registrationPin?.message)}
        onFocus={() => {
          onHelp('registrationPin');
        }}
      />
      {askKeyFile && (
        <>
          <Controller
            control={control}
            name="keyFile"
            render={({ field }) => (
              <Field
                label={t('fields.keyFile')}
                hint={t('fields.keyFileHint')}
                validationMessage={said(errors.keyFile?.message) ?? null}
                required
              >
                {({ id = '', ...control }) => (
                  <div className={styles.file}>
                    <Button
                      id={id}
                      ref={field.ref}
                      aria-labelledby={`${control['aria-labelledby'] ?? ''} ${id}`}
                      aria-describedby={`${control['aria-describedby'] ?? ''} ${id}name`}
                      icon={<FolderOpen20Regular aria-hidden />}
                      disabled={choosing.isPending}
                      onFocus={() => {
                        onHelp('keyFile');
                      }}
                      onClick={() => {
                        choosing.mutate(undefined, {
                          onSuccess: (file) => {
                            if (file !== null) field.onChange(file);
                          },
                        });
                      }}
                    >
                      {t('fields.browse')}
                    </Button>
                    <span
                      id={`${id}name`}
                      aria-live="polite"
                      className={mergeClasses(styles.fileName, field.value === null && styles.none)}
                    >
                      {field.value?.fileName ?? t('fields.keyFileNone')}
                    </span>
                  </div>
                )}
              </Field>
            )}
          />
          {choosing.error !== null && <ErrorMessage error={failureOf(choosing.error)} />}
          <div>
            <Controller
              control={control}
              name="sameAsPin"
              render={({ field: { value, onChange, ...field } }) => (
                <Checkbox
                  {...field}
                  className={styles.same}
                  label={t('fields.sameAsPin')}
                  checked={value}
                  onChange={(_, data) => {
                    onChange(data.checked === true);
                  }}
                />
              )}
            />
            <SecretField
              {...withoutRef(register('keyFilePassword'))}
              label={t('fields.keyFilePassword')}
              disabled={sameAsPin}
              error={sameAsPin ? undefined : said(errors.keyFilePassword?.message)}
              onFocus={() => {
                onHelp('keyFile');
              }}
            />
          </div>
        </>
      )}
    </div>
  );
}
