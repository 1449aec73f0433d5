import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type InlineConfig } from 'vite';
import { replayViewer } from './replay-viewer.ts';

/** A running registry to develop against: `NETRING_REGISTRY_URL=http://localhost:8756 npm run dev --workspace ui`. */
const registry = process.env['NETRING_REGISTRY_URL'] ?? 'http://localhost:8756';
const proxied = Object.fromEntries(
  ['/api', '/topology', '/events', '/login'].map((path) => [path, { target: registry }]),
);

const shared = (): InlineConfig => ({
  // Relative, so that the dashboard also works behind a proxy that serves it under a prefix.
  base: './',
  plugins: [svelte()],
  resolve: { conditions: ['netring-source', 'module', 'browser', 'development|production'] },
  build: {
    target: 'es2022',
    // The Content-Security-Policy allows files from the registry only: nothing may be inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});

export default defineConfig({
  ...shared(),
  plugins: [svelte(), replayViewer(shared())],
  server: { proxy: proxied },
});
