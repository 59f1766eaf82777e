import { toHex } from '#shared/bytes.ts';

import { accessMode, ACCESS_RULE_BYTES } from '../../access.ts';
import { encodeFileControl } from '../../fcp.ts';
import { conditionName, fileIdText, fileName, pathBelow } from '../../file-names.ts';
import { type CardFile, contentSize } from '../../file-system.ts';
import type { UnverifiedBehaviour } from '../../unverified.ts';
import type { FileView, Right } from '../view.ts';

const modeNames: Readonly<Record<string, string>> = {
  createFile: 'create files',
  createSpecialFile: 'create keys and PINs',
  putData: 'put data',
  delete: 'delete',
  read: 'read',
  update: 'update',
  unblock: 'unblock',
  change: 'change',
  write: 'write',
  use: 'use',
};

/** A file and all below it. PINs and private keys are described, not shown. */
export function fileView(file: CardFile, behaviour: UnverifiedBehaviour, path = ''): FileView {
  const control = encodeFileControl(file, behaviour.attemptsNibbles);
  return {
    path,
    id: fileIdText(file.id),
    name: fileName(path) ?? null,
    type: file.type,
    summary: summaryOf(file),
    rights: rightsOf(file),
    fcp: hex(control),
    fields: fieldsOf(control, file),
    content: contentOf(file),
    children:
      file.type === 'folder'
        ? file.children.map((child) => fileView(child, behaviour, pathBelow(path, child.id)))
        : [],
  };
}

/** Who may do what with a file; what its rules do not grant to anybody is left out. */
export const rightsOf = (file: CardFile): readonly Right[] =>
  Object.entries(accessMode[file.type])
    .filter(([, mode]) => ((file.access[0] ?? 0) & (1 << mode)) !== 0)
    .map(([name, mode]) => ({
      mode: modeNames[name] ?? name,
      who: conditionName(file.access[1 + mode] ?? 0) ?? 'unknown',
    }));

function summaryOf(file: CardFile): string {
  switch (file.type) {
    case 'folder':
      return file.children.length === 1 ? '1 file' : `${file.children.length} files`;
    case 'data':
      return `${contentSize(file)} bytes, ${usedBytes(file.content)} used`;
    case 'pin':
      return `${file.attemptsLeft} of ${file.maxAttempts} tries`;
    case 'key':
      return `${keyName(file.kind)}${file.value === null ? ', empty' : ''}`;
  }
}

const keyName = (kind: string): string =>
  kind.replace(/^(rsa|gost)-/, (_, name: string) => `${name.toUpperCase()} `).replace(/$/, ' key');

const usedBytes = (content: Uint8Array): number => content.findLastIndex((byte) => byte !== 0) + 1;

function contentOf(file: CardFile): string | null {
  if (file.type === 'data') return hex(file.content);
  const isPublic = file.type === 'key' && file.kind.endsWith('-public');
  return isPublic && file.value !== null ? hex(file.value) : null;
}

/** The template taken apart again: one-byte tags and lengths, as the token makes them (facts §3.1). */
function fieldsOf(control: Uint8Array, file: CardFile): FileView['fields'] {
  const fields: FileView['fields'][number][] = [];
  for (let at = 2; at < control.length;) {
    const [tag = 0, length = 0] = control.subarray(at);
    const value = control.subarray(at + 2, at + 2 + length);
    fields.push({ tag: hex(Uint8Array.of(tag)), value: hex(value), meaning: meaningOf(tag, value, file) });
    at += 2 + length;
  }
  return fields;
}

function meaningOf(tag: number, value: Uint8Array, file: CardFile): string {
  const number = value.reduce((sum, byte) => sum * 256 + byte, 0);
  switch (tag) {
    case 0x80:
      return `size: ${number} bytes`;
    case 0x82:
      return { folder: 'folder (DF)', data: 'transparent file', pin: 'special file', key: 'special file' }[
        file.type
      ];
    case 0x83:
      return `identifier ${fileIdText(number)}`;
    case 0x85:
      return propertyMeaning(value, file);
    case 0x86:
      return value.length === ACCESS_RULE_BYTES
        ? rightsOf(file)
            .map(({ mode, who }) => `${mode}: ${who}`)
            .join(', ')
        : 'access rules';
    default:
      return '';
  }
}

function propertyMeaning(property: Uint8Array, file: CardFile): string {
  if (file.type === 'pin') return `PIN of at least ${file.minLength} characters, ${file.maxAttempts} tries`;
  if (file.type === 'key') return keyName(file.kind);
  return hex(property);
}

export const hex = (bytes: Uint8Array): string => toHex(bytes).toUpperCase();
