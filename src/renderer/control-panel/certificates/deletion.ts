import type { CallInput } from '#shared/ipc-contract.ts';
import type { StoredObjectsView } from '#shared/control-panel-views.ts';
import type { ObjectRow } from './object-rows.ts';

export type DeleteTarget = CallInput<'certificates.delete'>['target'];

/** Something that can be deleted, and what has to be typed for it. */
export interface Deletion {
  readonly target: DeleteTarget;
  /** Its label or its owner's name, typed to the letter. */
  readonly phrase: string;
}

/**
 * What can be deleted of a row: of a certificate whose key is on the token, either the certificate alone or both. What
 * can not be read can not be named, so it stays until the token is formatted.
 */
export function deletionsOf(row: ObjectRow, { keys }: StoredObjectsView): readonly Deletion[] {
  switch (row.kind) {
    case 'certificate': {
      const { fingerprint, objectId, objectLabel, subjectName, keyOnToken } = row.certificate;
      const phrase = subjectName || objectLabel;
      const key = keyOnToken ? keys.find((one) => one.objectId === objectId) : undefined;
      return [
        { target: { kind: 'certificate', fingerprint }, phrase },
        ...(key ? [keyDeletion(key.objectId, key.label || phrase)] : []),
      ];
    }
    case 'key':
      return [keyDeletion(row.key.objectId, row.key.label || row.key.objectId)];
    case 'unreadable':
      return [];
  }
}

const keyDeletion = (objectId: string, phrase: string): Deletion => ({
  target: { kind: 'key-pair', objectId },
  phrase,
});
