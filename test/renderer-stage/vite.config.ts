import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/**
 * The renderer on a stage: the real page with a bridge that plays scenarios, for looking at screens in a browser.
 *
 *     npx vite build --config test/renderer-stage/vite.config.ts
 *     npx vite preview --config test/renderer-stage/vite.config.ts
 *     http://127.0.0.1:5199/?scenario=empty-token&lang=kk&theme=dark
 */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  // The hash is that of empty text: Fluent makes empty <style> elements and fills them through CSSOM.
  "style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
  "font-src 'self'",
  "img-src 'self'",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: { outDir: '../../.cache/renderer-stage', emptyOutDir: true, assetsInlineLimit: 0, sourcemap: false },
  server: { host: '127.0.0.1', port: 5199, strictPort: true },
  // As strict as the application's window.
  preview: {
    host: '127.0.0.1',
    port: 5199,
    strictPort: true,
    headers: { 'Content-Security-Policy': policy },
  },
});
