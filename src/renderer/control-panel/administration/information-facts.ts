import type { TFunction } from 'i18next';
import type { PanelPinView, TokenInformationView } from '#shared/control-panel-views.ts';
import { pinOf, pinRoles, type PinRole } from '../pin-role.ts';

/** A name and its value; `null`: the token does not tell. */
export type InformationFact = readonly [name: string, value: string | null];

export interface InformationGroup {
  /** Absent for the token as a whole. */
  readonly role?: PinRole;
  readonly facts: readonly InformationFact[];
}

/** «Информация…»: everything that the token tells, in the order in which support asks for it. */
export function informationGroups(
  information: TokenInformationView,
  t: TFunction,
): readonly InformationGroup[] {
  const { label, model, serial, serialDecimal, firmware, protocol, totalMemory, freeMemory, reader, atr } =
    information;
  return [
    {
      facts: [
        [t('controlPanel.information.label'), label?.trim() || t('controlPanel.noName')],
        [t('controlPanel.information.model'), model],
        [t('controlPanel.information.serial'), serial],
        [t('controlPanel.information.serialDecimal'), serialDecimal],
        [t('controlPanel.information.firmware'), firmware],
        [t('controlPanel.information.protocol'), protocol],
        [t('controlPanel.information.totalMemory'), totalMemory === null ? null : memory(totalMemory, t)],
        [t('controlPanel.information.freeMemory'), freeMemory === null ? null : memory(freeMemory, t)],
        [t('controlPanel.information.layout'), t(`controlPanel.information.layouts.${information.layout}`)],
        [t('controlPanel.information.reader'), reader],
        [t('controlPanel.information.atr'), atr],
      ],
    },
    ...pinRoles.map((role) => ({ role, facts: pinFacts(pinOf(information, role), role, t) })),
  ];
}

function pinFacts(pin: PanelPinView, role: PinRole, t: TFunction): readonly InformationFact[] {
  const { attemptsLeft, maxAttempts, minLength, blocked, changedBy, isDefault } = pin;
  const attempts = blocked
    ? t('controlPanel.information.attemptsBlocked')
    : attemptsLeft === null
      ? null
      : maxAttempts === null
        ? String(attemptsLeft)
        : t('controlPanel.information.attemptsOf', { left: attemptsLeft, max: maxAttempts });
  const standard = isDefault === null ? 'unknown' : isDefault ? 'yes' : 'no';
  return [
    [t('controlPanel.information.attempts'), attempts],
    [
      t('controlPanel.information.minLength'),
      minLength === null ? null : t('controlPanel.information.characters', { count: minLength }),
    ],
    // Nobody but the administrator changes the administrator's.
    ...(role === 'user'
      ? [
          [
            t('controlPanel.information.changedBy'),
            changedBy === null ? null : t(`controlPanel.changedBy.${changedBy}`),
          ] as const,
        ]
      : []),
    [t('controlPanel.information.isDefault'), t(`controlPanel.information.standard.${standard}`)],
  ];
}

/** Bytes as `64 КБ`, or as they are where they do not make whole kilobytes. */
const memory = (bytes: number, t: TFunction): string =>
  bytes > 0 && bytes % 1024 === 0
    ? t('controlPanel.information.kilobytes', { size: bytes / 1024 })
    : t('controlPanel.information.bytes', { count: bytes });

/** The same as plain text, one fact a line, for the clipboard. */
export const informationText = (groups: readonly InformationGroup[], t: TFunction): string =>
  groups
    .map(({ role, facts }) =>
      [
        ...(role === undefined ? [] : [t(`controlPanel.pinOf.${role}`)]),
        ...facts.map(([name, value]) => `${name}: ${value ?? t('controlPanel.information.notTold')}`),
      ].join('\n'),
    )
    .join('\n\n');
