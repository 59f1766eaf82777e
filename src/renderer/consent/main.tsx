import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nextProvider, initReactI18next } from 'react-i18next';
import { createTranslator } from '#shared/texts/i18n.ts';
import { defaultLanguage } from '#shared/texts/index.ts';
import { createQueryClient } from '../main-process.ts';
import '../theme/page.css';
import { ConsentPage } from './consent-page.tsx';

/** The consent window: a page of its own, with none of the main window's calls. */
const root = document.getElementById('root');
if (root === null) throw new Error('consent.html has no #root');

createRoot(root).render(
  <StrictMode>
    <I18nextProvider i18n={createTranslator(defaultLanguage, [initReactI18next])}>
      <QueryClientProvider client={createQueryClient()}>
        <ConsentPage />
      </QueryClientProvider>
    </I18nextProvider>
  </StrictMode>,
);
