import { Menu, type BrowserWindow, type ContextMenuParams, type MenuItemConstructorOptions } from 'electron';
import type { DesktopTexts } from './desktop-texts.ts';

/**
 * The application menu. On Windows and Linux there is none: the text fields' shortcuts work without it. On macOS the
 * shortcuts live in the menu.
 */
export function setApplicationMenu(): void {
  const needed = process.platform === 'darwin';
  const roles: MenuItemConstructorOptions[] = [
    { role: 'appMenu' },
    { role: 'editMenu' },
    { role: 'windowMenu' },
  ];
  Menu.setApplicationMenu(needed ? Menu.buildFromTemplate(roles) : null);
}

/** Gives text fields, and selected text, the menu of the right mouse button. */
export function addEditMenu(window: BrowserWindow, texts: () => DesktopTexts): void {
  window.webContents.on('context-menu', (_event, params) => {
    const items = editMenuItems(params, texts());
    if (items.length > 0) Menu.buildFromTemplate([...items]).popup({ window });
  });
}

type MenuPlace = Pick<ContextMenuParams, 'isEditable' | 'selectionText' | 'editFlags' | 'formControlType'>;

/** What can be done at this place. A password can be pasted, not copied. */
export function editMenuItems(place: MenuPlace, texts: DesktopTexts): readonly MenuItemConstructorOptions[] {
  const { editFlags } = place;
  const copy: MenuItemConstructorOptions = { role: 'copy', label: texts.copy, enabled: editFlags.canCopy };
  if (!place.isEditable) return place.selectionText.trim() === '' ? [] : [copy];

  const password = place.formControlType === 'input-password';
  return [
    { role: 'undo', label: texts.undo, enabled: editFlags.canUndo },
    { type: 'separator' },
    { role: 'cut', label: texts.cut, enabled: editFlags.canCut && !password },
    { ...copy, enabled: editFlags.canCopy && !password },
    { role: 'paste', label: texts.paste, enabled: editFlags.canPaste },
    { type: 'separator' },
    { role: 'selectAll', label: texts.selectAll, enabled: editFlags.canSelectAll },
  ];
}
