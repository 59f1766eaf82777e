import {
  Button,
  Field,
  makeStyles,
  mergeClasses,
  Radio,
  RadioGroup,
  Spinner,
  tokens,
} from '@fluentui/react-components';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PanelView } from '#shared/control-panel-views.ts';
import { areFew } from '../../fields/few-attempts.ts';
import { SecretField } from '../../fields/secret-field.tsx';
import { ErrorMessage } from '../../messages/error-message.tsx';
import { Notice } from '../../messages/notice.tsx';
import { Question } from '../../messages/question.tsx';
import { pinOf, pinRoles, type PinRole } from '../pin-role.ts';
import { PanelDialog } from './panel-dialog.tsx';
import { useLogin } from './use-login.ts';

const useStyles = makeStyles({
  roles: { marginBlockEnd: '12px', '& > div': { display: 'flex', flexWrap: 'wrap', columnGap: '8px' } },
  hint: { display: 'block', color: tokens.colorNeutralForeground2 },
  attempts: {
    display: 'block',
    fontSize: tokens.fontSizeBase300,
    lineHeight: tokens.lineHeightBase300,
    marginBlockStart: '4px',
    color: tokens.colorNeutralForeground1,
  },
  few: { color: tokens.colorStatusDangerForeground3, fontWeight: tokens.fontWeightSemibold },
  // As high with the field as with what is said in its place.
  below: { minHeight: '116px' },
  code: { color: tokens.colorNeutralForeground2, fontVariantNumeric: 'tabular-nums' },
});

/** «Ввести PIN-код…»: as whom, the attempts left before one types, one try. */
export function LoginDialog({
  panel,
  role: wanted,
  onClose,
  onLoggedIn = onClose,
}: {
  panel: PanelView;
  role: PinRole | undefined;
  onClose: () => void;
  onLoggedIn?: () => void;
}) {
  const styles = useStyles();
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const closeButton = useRef<HTMLElement>(null);
  const { userPin, administratorPin } = panel.information;
  // Who has a blocked token in hand has come to unblock it.
  const usual = userPin.blocked && !administratorPin.blocked ? 'administrator' : 'user';
  const [role, setRole] = useState<PinRole>(wanted ?? usual);
  const login = useLogin(panel, role, field, onLoggedIn);
  const pin = pinOf(panel.information, role);
  const { complaint, error, pending } = login;
  useEffect(() => field.current?.focus(), []);
  // The field of a PIN that has just been blocked is gone, and the focus with it. Who chooses a role stays there.
  const justBlocked = pin.blocked && error !== undefined;
  useLayoutEffect(() => {
    if (justBlocked) closeButton.current?.focus();
  }, [justBlocked]);
  return (
    <PanelDialog
      title={t('controlPanel.login.title')}
      pending={pending}
      {...(!pin.blocked && { onSubmit: login.submit })}
      onClose={onClose}
      actions={
        pin.blocked ? (
          <Button
            ref={(button: HTMLElement | null) => {
              closeButton.current = button;
            }}
            onClick={onClose}
          >
            {t('common.close')}
          </Button>
        ) : (
          <>
            {pending && <Spinner data-apart size="tiny" label={t('controlPanel.login.checking')} />}
            <Button appearance="primary" type="submit" disabled={pending}>
              {t('common.ok')}
            </Button>
            <Button disabled={pending} onClick={onClose}>
              {t('common.cancel')}
            </Button>
          </>
        )
      }
    >
      {error !== undefined && !pin.blocked && <ErrorMessage error={error} />}
      <Field label={t('controlPanel.login.role')} className={styles.roles}>
        <RadioGroup
          layout="horizontal"
          value={role}
          disabled={pending}
          onChange={(_, data) => {
            login.reset();
            setRole(data.value === 'administrator' ? 'administrator' : 'user');
          }}
        >
          {pinRoles.map((one) => (
            <Radio key={one} value={one} label={t(`controlPanel.roles.${one}`)} />
          ))}
        </RadioGroup>
      </Field>
      <div className={styles.below}>
        {pin.blocked ? (
          <Notice intent="warning" title={t(`controlPanel.blockedPin.${role}`)}>
            <p>{t(`controlPanel.login.blockedText.${role}`)}</p>
            {error !== undefined && <p className={styles.code}>{t('errors.code', { code: error.code })}</p>}
          </Notice>
        ) : (
          <SecretField
            label={t('controlPanel.login.pin')}
            inputRef={field}
            disabled={pending}
            hint={
              <>
                <span className={styles.hint}>{t(`controlPanel.login.hint.${role}`)}</span>
                <Attempts left={pin.attemptsLeft} />
              </>
            }
            error={
              complaint === undefined
                ? undefined
                : complaint.kind === 'empty'
                  ? t('controlPanel.login.empty')
                  : t('controlPanel.login.tooShort', { count: complaint.minLength })
            }
          />
        )}
      </div>
      <Question
        open={login.asksLastAttempt}
        title={t('controlPanel.login.lastAttempt.title')}
        first={{ label: t('controlPanel.login.lastAttempt.back'), onChoose: login.declineLastAttempt }}
        second={{ label: t('controlPanel.login.lastAttempt.go'), onChoose: login.confirmLastAttempt }}
        escape="first"
      >
        {t(`controlPanel.login.lastAttempt.text.${role}`)}
      </Question>
    </PanelDialog>
  );
}

function Attempts({ left }: { left: number | null }) {
  const styles = useStyles();
  const { t } = useTranslation();
  return (
    <span className={mergeClasses(styles.attempts, areFew(left) && styles.few)}>
      {left === null
        ? t('controlPanel.login.attemptsUnknown')
        : t('controlPanel.login.attempts', { count: left })}
    </span>
  );
}
