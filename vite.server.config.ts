/**
 * Bundles what runs in Node: the server, the seed's commands and the checks, one `.mjs` each with shared chunks. Packages stay
 * outside the bundle (some carry native parts); the repository's own files and the SQL migrations go in, so a running server
 * reads no source file. Every output lies two folders below the repository, as `dist/<folder>/<file>.mjs`, so that
 * `import.meta.dirname` + `../..` is the repository wherever the code ends up.
 *
 * With CITY_VITALS_SCRIPT=test/bench/ingest.ts it bundles that one script instead, into `dist/bench/ingest.mjs`.
 */
import { dirname } from 'node:path';
import { defineConfig } from 'vite';

/** Output (without `.mjs`) → source. */
const entries: Record<string, string> = {
  'server/main': 'server/main.ts',
  'server/config-check': 'server/catalogue/check-cli.ts',
  'server/json-schema': 'server/catalogue/json-schema-cli.ts',
  'server/backup': 'server/compose/backup-cli.ts',
  'server/restore': 'server/compose/restore-cli.ts',
  'server/demo-reset': 'server/compose/demo-reset-cli.ts',
  'server/schema-dump': 'server/db/schema-dump-cli.ts',
  'seed/cli': 'seed/cli.ts',
  'seed/geography': 'seed/geography/cli.ts',
};

const script = process.env['CITY_VITALS_SCRIPT'];
const scriptOutput = script?.replace(/^test\//, '').replace(/\.ts$/, '');
const input = script && scriptOutput ? { [scriptOutput]: script } : entries;

export default defineConfig({
  publicDir: false,
  build: {
    ssr: true,
    outDir: 'dist',
    emptyOutDir: false,
    target: 'node20',
    minify: false,
    sourcemap: true,
    rolldownOptions: {
      input,
      output: { format: 'es', entryFileNames: '[name].mjs', chunkFileNames: `${scriptOutput ? dirname(scriptOutput) : 'chunks'}/[name]-[hash].mjs` },
    },
  },
});
