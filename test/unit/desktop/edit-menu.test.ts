import { describe, expect, it, vi } from 'vitest';
import { desktopTexts } from '#main/desktop/desktop-texts.ts';
import { editMenuItems } from '#main/desktop/edit-menu.ts';

vi.mock('electron', () => ({ Menu: {} }));

const all = {
  canUndo: true,
  canRedo: true,
  canCut: true,
  canCopy: true,
  canPaste: true,
  canDelete: true,
  canSelectAll: true,
  canEditRichly: false,
};
const field = {
  isEditable: true,
  selectionText: 'abc',
  editFlags: all,
  formControlType: 'input-text',
} as const;
const enabled = (place: Parameters<typeof editMenuItems>[0]) =>
  editMenuItems(place, desktopTexts.ru)
    .filter((item) => item.enabled)
    .map((item) => item.label);

describe('the menu of the right mouse button', () => {
  it('offers everything in a text field, in the language of the window', () => {
    expect(enabled(field)).toEqual(['Отменить', 'Вырезать', 'Копировать', 'Вставить', 'Выделить все']);
    expect(editMenuItems(field, desktopTexts.kk).map((item) => item.label)).toContain('Көшіру');
  });

  it('lets a password be pasted, but neither copied nor cut', () => {
    const password = { ...field, formControlType: 'input-password' } as const;
    expect(enabled(password)).toEqual(['Отменить', 'Вставить', 'Выделить все']);
  });

  it('copies selected text of the page, and does not open where nothing is selected', () => {
    expect(enabled({ ...field, isEditable: false })).toEqual(['Копировать']);
    expect(enabled({ ...field, isEditable: false, selectionText: ' ' })).toEqual([]);
  });
});
