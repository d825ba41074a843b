/** What tests of traffic share. */
import type { About } from '../../src/traffic/events.ts';

export const ABOUT: About = {
  command: 'traffic',
  version: '0.0.0',
  commandLine: 'restli-contract traffic',
  gitRevision: null,
  node: 'v0',
  platform: 'test',
  notes: [],
};
