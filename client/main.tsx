/** Entry of the page: words first, then the frame; map and chart come in their own chunks. */
import '@fontsource-variable/noto-sans-sc';
import '@fontsource/barlow-condensed/500.css';
import '@fontsource/barlow-condensed/600.css';
import './ui/fonts.css';
import './ui/tokens.css';
import './ui/base.css';
import './ui/overlays.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createQueries } from './http/queries.ts';
import { startI18n } from './i18n/i18n.ts';
import { SessionGate } from './session/session-gate.tsx';
import { Page } from './shell/page.tsx';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');

await startI18n();
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={createQueries()}>
      <SessionGate>
        <Page />
      </SessionGate>
    </QueryClientProvider>
  </StrictMode>,
);
