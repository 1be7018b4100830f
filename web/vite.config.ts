import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// During development the API is that of a running "make run"; TANDEM_API names another.
const api = process.env.TANDEM_API ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react()],
  server: { proxy: { '/api': api, '/docs': api } },
  build: {
    target: 'es2022',
    // Older ones would have light-dark() rewritten into something that takes no notice of the colours a person chose.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // The content security policy allows no inline script and no data address but for images.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    reportCompressedSize: false,
  },
  test: { environment: 'happy-dom', include: ['src/**/*.test.{ts,tsx}'] },
});
