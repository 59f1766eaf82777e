import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nextProvider, initReactI18next } from 'react-i18next';
import { createTranslator } from '#shared/texts/i18n.ts';
import { defaultLanguage } from '#shared/texts/index.ts';
import { App } from './app.tsx';
import { createQueryClient, followMainProcess } from './main-process.ts';
import './theme/page.css';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');

const client = createQueryClient();
followMainProcess(client);

createRoot(root).render(
  <StrictMode>
    <I18nextProvider i18n={createTranslator(defaultLanguage, [initReactI18next])}>
      <QueryClientProvider client={client}>
        <App />
      </QueryClientProvider>
    </I18nextProvider>
  </StrictMode>,
);
