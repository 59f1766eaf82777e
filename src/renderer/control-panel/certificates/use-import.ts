import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { wipe } from '#shared/bytes.ts';
import type { ImportView, StoredObjectsView } from '#shared/control-panel-views.ts';
import type { ErrorView } from '#shared/views.ts';
import { call, failureOf } from '../../bridge.ts';

/** A file that was chosen in the system's dialog. */
export interface ChosenFile {
  readonly fileId: string;
  readonly fileName: string;
  readonly needsPassword: boolean;
}

/** Where an import is: nothing is written before the last step. */
export type ImportStep =
  | { readonly at: 'password'; readonly file: ChosenFile }
  | { readonly at: 'opening'; readonly file: ChosenFile }
  | { readonly at: 'preview'; readonly file: ChosenFile; readonly view: ImportView };

/**
 * «Импортировать…»: choose a file, its password if it has one, look at what would be written, agree, write. What was
 * opened is forgotten by the main process as soon as the import is left.
 */
export function useImport(
  tokenId: string,
  onImported: (objects: StoredObjectsView, view: ImportView) => void,
) {
  const [step, setStep] = useState<ImportStep>();
  // The private key of an opened file waits in the main process.
  const waiting = useRef<string>(undefined);
  const forget = () => {
    const importId = waiting.current;
    waiting.current = undefined;
    if (importId !== undefined) void call('certificates.forgetImport', { importId }).catch(() => undefined);
  };
  useEffect(() => forget, []);

  const opening = useMutation({
    mutationFn: async ({ file, password }: { file: ChosenFile; password?: Uint8Array<ArrayBuffer> }) => {
      try {
        return await call('certificates.openImport', {
          tokenId,
          fileId: file.fileId,
          ...(password && { password }),
        });
      } finally {
        wipe(password);
      }
    },
    onSuccess: (view, { file }) => {
      waiting.current = view.importId;
      setStep({ at: 'preview', file, view });
    },
    onError: (_error, { file }) => {
      setStep(file.needsPassword ? { at: 'password', file } : undefined);
    },
  });

  const choosing = useMutation({
    mutationFn: () => call('certificates.chooseImport', undefined),
    onSuccess: (file) => {
      if (file === null) return;
      if (file.needsPassword) {
        setStep({ at: 'password', file });
        return;
      }
      setStep({ at: 'opening', file });
      opening.mutate({ file });
    },
  });

  const writing = useMutation({
    mutationFn: (view: ImportView) => call('certificates.import', { tokenId, importId: view.importId }),
    onSuccess: (objects, view) => {
      waiting.current = undefined;
      setStep(undefined);
      onImported(objects, view);
    },
  });

  const error: ErrorView | undefined = [writing, opening, choosing]
    .map(errorOf)
    .find((one) => one !== undefined);
  return {
    step,
    error,
    pending: choosing.isPending || opening.isPending || writing.isPending,
    writing: writing.isPending,
    choose: () => {
      for (const one of [writing, opening, choosing]) one.reset();
      choosing.mutate();
    },
    /** Takes over the buffer and wipes it. */
    open: (file: ChosenFile, password: Uint8Array<ArrayBuffer>) => {
      opening.mutate({ file, password });
    },
    write: (view: ImportView) => {
      writing.mutate(view);
    },
    /** It can not go on; why stays to be read. */
    drop: () => {
      forget();
      setStep(undefined);
    },
    leave: () => {
      forget();
      setStep(undefined);
      for (const one of [writing, opening, choosing]) one.reset();
    },
  };
}

export type Importing = ReturnType<typeof useImport>;

const errorOf = ({ error }: { error: Error | null }): ErrorView | undefined =>
  error === null ? undefined : failureOf(error);
