import type { TFunction } from 'i18next';
import { formatDate, formatTime } from '#shared/texts/formats.ts';
import { errorCatalogue, type ErrorId } from '#shared/errors.ts';
import { isKeyFileEntry, type AuditEntry } from '#shared/control-panel-views.ts';
import type { AuditOperation } from './audit-operations.ts';

/** Why rights ended (`cause` of a logout). */
const causes = [
  'logout',
  'removed',
  'idle',
  'locked',
  'refused',
  'swapped',
  'in-use',
  'pin-changed',
  'formatted',
  'quit',
] as const;

/** What happened, in one sentence. */
export function operationSentence({ entry }: AuditOperation, t: TFunction): string {
  if (entry.action === 'logout' && entry.result === 'done') {
    const cause = causes.find((one) => one === entry.detail['cause']);
    if (cause !== undefined) return t(`journal.rightsEnded.${cause}`);
  }
  return t(`journal.${entry.result}.${entry.action}`);
}

/** `qq111111_qwertyui, № 47738461`, or the bank, site or key file where no token is meant. */
export function tokenWords({ action, tokenSerial, tokenLabel, detail }: AuditEntry, t: TFunction): string {
  const label = tokenLabel?.trim() ?? '';
  if (tokenSerial !== '') {
    return label === ''
      ? t('journal.token', { serial: tokenSerial })
      : t('journal.namedToken', { label, serial: tokenSerial });
  }
  if (isKeyFileEntry({ action, tokenSerial })) return t('journal.keyFile');
  const site = detail['site'];
  return typeof site === 'string' ? site : t('journal.bank', { name: label });
}

/** The catalogue's title for a code: what stood in the way. */
export function errorTitle(code: string, t: TFunction): string | undefined {
  const id = (Object.keys(errorCatalogue) as ErrorId[]).find((one) => errorCatalogue[one].code === code);
  return id && t(`errors.catalogue.${id}.title`);
}

/** Facts with a name of their own; anything else the audit tells is shown under the audit's name. */
const namedFacts = [
  'newLabel',
  'label',
  'userPinChangedBy',
  'userMinLength',
  'administratorMinLength',
  'userAttempts',
  'administratorAttempts',
  'destroyedCertificates',
  'destroyedKeys',
  'certificates',
  'subject',
  'name',
  'fingerprint',
  'fingerprints',
  'objectId',
  'format',
  'attemptsLeft',
  'foundFinished',
  'foundUntouched',
  'documents',
  'signed',
  'sha256',
  'bytes',
  'extension',
  'form',
  'certificate',
  'origin',
  'site',
  'way',
  'kind',
] as const;

/** Everything an entry tells, name and value. */
export function operationFacts({ entry, begunAt }: AuditOperation, t: TFunction): [string, string][] {
  const facts: [string, string][] = [[t('journal.details.when'), instant(entry.at)]];
  if (begunAt !== undefined && begunAt !== entry.at)
    facts.push([t('journal.details.begunAt'), instant(begunAt)]);
  facts.push([t('journal.filter.token'), tokenWords(entry, t)]);
  if (entry.role !== null) facts.push([t('journal.details.role'), t(`journal.roles.${entry.role}`)]);
  if (entry.reason !== null) facts.push([t('journal.details.reason'), entry.reason]);
  if (entry.errorCode !== null) {
    const title = errorTitle(entry.errorCode, t);
    facts.push([t('journal.details.error'), [entry.errorCode, title].filter(Boolean).join(', ')]);
  }
  for (const [key, value] of Object.entries(entry.detail)) {
    // Said in the sentence.
    if (key === 'cause' || value === '') continue;
    const name = namedFacts.find((one) => one === key);
    facts.push([name === undefined ? key : t(`journal.facts.${name}`), factValue(key, value, t)]);
  }
  facts.push([t('journal.details.line'), String(entry.line)], [t('journal.details.hash'), entry.hash]);
  return facts;
}

function factValue(key: string, value: string | number | boolean, t: TFunction): string {
  if (typeof value === 'boolean') return t(value ? 'journal.details.yes' : 'journal.details.no');
  if (key === 'userPinChangedBy' && (value === 'user' || value === 'administrator' || value === 'both'))
    return t(`controlPanel.changedBy.${value}`);
  return String(value);
}

const instant = (at: string): string => `${formatDate(new Date(at))} ${formatTime(new Date(at))}`;
