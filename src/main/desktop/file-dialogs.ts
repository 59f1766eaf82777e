import { app, dialog, type BrowserWindow } from 'electron';
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { writeWhole } from '#main/store/whole-file.ts';
import type { FileToSave } from './application.ts';
import type { DesktopTexts } from './desktop-texts.ts';
import { readKept, writeKept } from './kept-file.ts';
import type { Log } from './log.ts';
import { safeFileName } from './save-file.ts';

export interface FileDialogs {
  chooseKeyFile(): Promise<string | undefined>;
  chooseImportFile(): Promise<string | undefined>;
  chooseDocuments(what: 'documents' | 'signature' | 'signed'): Promise<readonly string[]>;
  chooseBankFile(): Promise<string | undefined>;
  saveFile(file: FileToSave): Promise<string | undefined>;
}

export interface FileDialogsOptions {
  /** The dialogs belong to it while it is there. */
  readonly window: () => BrowserWindow | undefined;
  readonly texts: () => DesktopTexts;
  readonly dataFolder: string;
  readonly log: Log;
}

/** Where files were saved last. Where key files lie is nobody's business and is not kept. */
const folders = z.object({ certificates: z.string().optional(), audit: z.string().optional() });
type Folders = z.output<typeof folders>;

const savedAs = {
  'certificate-pem': { folder: 'certificates', extension: 'pem' },
  'certificate-der': { folder: 'certificates', extension: 'cer' },
  audit: { folder: 'audit', extension: 'jsonl' },
} as const satisfies Record<FileToSave['kind'], { folder: keyof Folders; extension: string }>;

/** The system's file dialogs, each with its filters and the folder that was used last. */
export function createFileDialogs({ window, texts, dataFolder, log }: FileDialogsOptions): FileDialogs {
  const memory = path.join(dataFolder, 'folders.json');

  const remember = (changes: Folders): void => {
    try {
      writeKept(memory, { ...readKept(memory, folders, {}), ...changes });
    } catch (error) {
      log.warn('the folder of the last file could not be kept', error);
    }
  };

  const chooseFiles = async (
    title: string,
    filters: readonly Electron.FileFilter[],
    several = false,
  ): Promise<readonly string[]> => {
    const choice: Electron.OpenDialogOptions = {
      title,
      // `dontAddToRecent`: the file's place is nobody's business.
      properties: ['openFile', 'dontAddToRecent', ...(several ? (['multiSelections'] as const) : [])],
      filters: [...filters, { name: texts().allFiles, extensions: ['*'] }],
    };
    const parent = window();
    const { canceled, filePaths } = await (parent
      ? dialog.showOpenDialog(parent, choice)
      : dialog.showOpenDialog(choice));
    return canceled ? [] : filePaths;
  };
  const chooseFile = async (title: string, filter: Electron.FileFilter): Promise<string | undefined> =>
    (await chooseFiles(title, [filter]))[0];

  return {
    chooseKeyFile: () =>
      chooseFile(texts().chooseKeyFile, { name: texts().keyFiles, extensions: ['pfx', 'p12'] }),

    chooseImportFile: () =>
      chooseFile(texts().chooseImportFile, {
        name: texts().certificateFiles,
        extensions: ['pem', 'cer', 'crt', 'der', 'pfx', 'p12'],
      }),

    chooseDocuments(what) {
      const words = texts();
      if (what !== 'signature') return chooseFiles(words.chooseDocuments, [], what === 'documents');
      const signatures = { name: words.signatures, extensions: ['p7s', 'p7m', 'cms', 'sig', 'sgn'] };
      return chooseFiles(words.chooseSignature, [signatures]);
    },

    chooseBankFile: () =>
      chooseFile(texts().chooseBankFile, { name: texts().bankFiles, extensions: ['kiltbank'] }),

    async saveFile({ kind, suggestedName, contents }) {
      const words = texts();
      const { folder, extension } = savedAs[kind];
      const kept = readKept(memory, folders, {})[folder];
      const choice: Electron.SaveDialogOptions = {
        title: words.saveTitles[kind],
        defaultPath: path.join(
          kept !== undefined && isFolder(kept) ? kept : app.getPath('documents'),
          safeFileName(suggestedName),
        ),
        filters: [
          { name: words.savedFiles[kind], extensions: [extension] },
          { name: words.allFiles, extensions: ['*'] },
        ],
        properties: ['showOverwriteConfirmation', 'createDirectory', 'dontAddToRecent'],
      };
      const parent = window();
      const { canceled, filePath } = await (parent
        ? dialog.showSaveDialog(parent, choice)
        : dialog.showSaveDialog(choice));
      if (canceled || filePath === '') return undefined;
      const file = withExtension(filePath, extension);
      await writeWhole(file, contents);
      remember({ [folder]: path.dirname(file) });
      return path.basename(file);
    },
  };
}

/** GTK's dialog adds none. A file that the user was not asked about is not written over for its sake. */
function withExtension(file: string, extension: string): string {
  const named = `${file}.${extension}`;
  return path.extname(file) === '' && !existsSync(named) ? named : file;
}

/** A USB stick may be gone. */
function isFolder(folder: string): boolean {
  try {
    return statSync(folder).isDirectory();
  } catch {
    return false;
  }
}
