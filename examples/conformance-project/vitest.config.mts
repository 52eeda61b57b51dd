import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Sidecars talk through a native addon, which wants processes and not threads.
    pool: 'forks',
    // The first run compiles the mechanisms.
    testTimeout: 600_000,
  },
});
