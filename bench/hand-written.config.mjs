import { defineConfig } from 'vitest/config';

export default defineConfig({ test: { include: ['bench/hand-written.suite.mjs'], reporters: ['default'] } });
