/**
 * Bundles the client into `dist/client`. Nothing is inlined into the page (`assetsInlineLimit: 0`), so the content security
 * policy needs no `data:` source for scripts, workers or fonts, and no address outside this server is ever asked for.
 */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `npm run dev` runs the server; the page's own calls go there. */
const server = `http://127.0.0.1:${process.env['PORT'] ?? '8080'}`;

export default defineConfig({
  root: 'client',
  plugins: [react()],
  build: {
    outDir: '../dist/client',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    // Command-centre displays are replaced rarely: the oldest browser the product supports is Chromium 109.
    target: ['chrome109', 'firefox115'],
    // MapLibre and deck.gl are large as they come; the budget is watched per page, not per file.
    chunkSizeWarningLimit: 1800,
  },
  server: {
    host: '127.0.0.1',
    port: 5173,
    proxy: {
      '/api': server,
      '/healthz': server,
      '/readyz': server,
      '/metrics': server,
      '/socket.io': { target: server, ws: true },
    },
  },
});
