import { Toast, ToastBody, ToastTitle, useToastController } from '@fluentui/react-components';
import { useCallback } from 'react';

import { control } from './live-token.ts';

export const TOASTER = 'tester-page';

/** Orders something of the token; a refusal is shown. Resolves with whether it was done. */
export function useControl(): (request: Parameters<typeof control>[0]) => Promise<boolean> {
  const { dispatchToast } = useToastController(TOASTER);
  return useCallback(
    async (request) => {
      try {
        await control(request);
        return true;
      } catch (error) {
        dispatchToast(
          <Toast>
            <ToastTitle>Not done</ToastTitle>
            <ToastBody>{error instanceof Error ? error.message : String(error)}</ToastBody>
          </Toast>,
          { intent: 'error', timeout: 8000 },
        );
        return false;
      }
    },
    [dispatchToast],
  );
}
