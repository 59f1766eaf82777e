import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { desktopTexts } from '#main/desktop/desktop-texts.ts';
import { createFileDialogs } from '#main/desktop/file-dialogs.ts';
import { recordingLog } from './recording-log.ts';
import { temporaryFolder } from './temporary-folder.ts';

interface Asked {
  defaultPath?: string;
  title?: string;
  properties?: string[];
  filters?: { name: string; extensions: string[] }[];
}
const electron = vi.hoisted(() => ({
  documents: '',
  asked: [] as unknown[][],
  save: { canceled: true, filePath: '' },
  open: { canceled: true, filePaths: [] as string[] },
}));
vi.mock('electron', () => ({
  app: { getPath: () => electron.documents },
  dialog: {
    showSaveDialog: async (...parts: unknown[]) => {
      electron.asked.push(parts);
      return electron.save;
    },
    showOpenDialog: async (...parts: unknown[]) => {
      electron.asked.push(parts);
      return electron.open;
    },
  },
}));

const folder = temporaryFolder();
const { log, entries } = recordingLog();
const dialogs = (window?: object) =>
  createFileDialogs({
    window: () => window as never,
    texts: () => desktopTexts.ru,
    dataFolder: join(folder(), 'data'),
    log,
  });
const lastAsked = () => electron.asked.at(-1)?.at(-1) as Asked;
const certificate = { kind: 'certificate-pem', suggestedName: 'Айгерим.pem', contents: 'PEM' } as const;

beforeEach(() => {
  electron.documents = join(folder(), 'documents');
  for (const name of ['data', 'documents', 'stick']) mkdirSync(join(folder(), name));
  electron.asked.length = 0;
  electron.save = { canceled: true, filePath: '' };
  electron.open = { canceled: true, filePaths: [] };
  entries.length = 0;
});

describe('the dialog for saving', () => {
  it('proposes the name in the user’s documents, with the filter of what is saved', async () => {
    await dialogs().saveFile(certificate);
    expect(lastAsked()).toMatchObject({
      title: 'Экспорт сертификата',
      defaultPath: join(electron.documents, 'Айгерим.pem'),
      filters: [{ extensions: ['pem'] }, { extensions: ['*'] }],
    });
    expect(lastAsked().properties).toContain('showOverwriteConfirmation');
  });

  it('belongs to the window while there is one', async () => {
    const window = {};
    await dialogs(window).saveFile(certificate);
    expect(electron.asked[0]?.[0]).toBe(window);
  });

  it('writes nothing when it is cancelled', async () => {
    expect(await dialogs().saveFile(certificate)).toBeUndefined();
    expect(existsSync(join(electron.documents, 'Айгерим.pem'))).toBe(false);
  });

  it('writes where the user says, tells the name alone, and opens there the next time, also after a restart', async () => {
    electron.save = { canceled: false, filePath: join(folder(), 'stick', 'mine.pem') };
    expect(await dialogs().saveFile(certificate)).toBe('mine.pem');
    expect(readFileSync(join(folder(), 'stick', 'mine.pem'), 'utf8')).toBe('PEM');
    await dialogs().saveFile({ ...certificate, kind: 'certificate-der' });
    expect(lastAsked().defaultPath).toBe(join(folder(), 'stick', 'Айгерим.pem'));
  });

  it('remembers the folder of the journal apart from that of certificates', async () => {
    electron.save = { canceled: false, filePath: join(folder(), 'stick', 'journal.jsonl') };
    await dialogs().saveFile({ kind: 'audit', suggestedName: 'journal.jsonl', contents: '' });
    await dialogs().saveFile(certificate);
    expect(lastAsked().defaultPath).toBe(join(electron.documents, 'Айгерим.pem'));
  });

  it('goes back to the documents when the folder is gone, as a USB stick is', async () => {
    electron.save = { canceled: false, filePath: join(folder(), 'stick', 'mine.pem') };
    await dialogs().saveFile(certificate);
    rmSync(join(folder(), 'stick'), { recursive: true });
    await dialogs()
      .saveFile(certificate)
      .catch(() => undefined);
    expect(lastAsked().defaultPath).toBe(join(electron.documents, 'Айгерим.pem'));
  });

  it('adds the extension where the system’s dialog does not, but never onto a file that nobody was asked about', async () => {
    electron.save = { canceled: false, filePath: join(folder(), 'stick', 'mine') };
    expect(await dialogs().saveFile(certificate)).toBe('mine.pem');
    writeFileSync(join(folder(), 'stick', 'mine.pem'), 'another’s');
    expect(await dialogs().saveFile(certificate)).toBe('mine');
    expect(readFileSync(join(folder(), 'stick', 'mine.pem'), 'utf8')).toBe('another’s');
  });

  it('says so when the file could not be written, and remembers nothing', async () => {
    electron.save = { canceled: false, filePath: join(folder(), 'gone', 'mine.pem') };
    await expect(dialogs().saveFile(certificate)).rejects.toMatchObject({ id: 'file-not-written' });
    expect(existsSync(join(folder(), 'data', 'folders.json'))).toBe(false);
  });

  it('saves even where its memory can not be kept', async () => {
    rmSync(join(folder(), 'data'), { recursive: true });
    electron.save = { canceled: false, filePath: join(folder(), 'stick', 'mine.pem') };
    expect(await dialogs().saveFile(certificate)).toBe('mine.pem');
    expect(entries.map(({ level }) => level)).toEqual(['warn']);
  });
});

describe('the dialogs for choosing', () => {
  it('show certificates and key containers, and leave no trace in the system’s list of files', async () => {
    electron.open = { canceled: false, filePaths: ['/media/stick/GOST.pfx'] };
    expect(await dialogs().chooseImportFile()).toBe('/media/stick/GOST.pfx');
    expect(lastAsked().filters?.[0]?.extensions).toEqual(['pem', 'cer', 'crt', 'der', 'pfx', 'p12']);
    expect(await dialogs().chooseKeyFile()).toBe('/media/stick/GOST.pfx');
    expect(lastAsked().filters?.[0]?.extensions).toEqual(['pfx', 'p12']);
    for (const [asked] of electron.asked) expect((asked as Asked).properties).toContain('dontAddToRecent');
    expect(existsSync(join(folder(), 'data', 'folders.json'))).toBe(false);
  });

  it('answer nothing when they are cancelled', async () => {
    electron.open = { canceled: true, filePaths: ['/left/over'] };
    expect(await dialogs().chooseImportFile()).toBeUndefined();
  });
});
