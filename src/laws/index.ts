/** LAWS: what every endpoint owes, one row a law. */
import { ACTION_LAWS } from './actions.ts';
import { BATCH_LAWS } from './batch.ts';
import { COLLECTION_LAWS } from './collection.ts';
import { KEY_LAWS } from './keys.ts';
import type { Law } from './law.ts';
import { READ_LAWS } from './read.ts';
import { withServerFaults } from './server-fault.ts';
import { WIRE_LAWS } from './wire.ts';
import { WRITE_LAWS } from './write.ts';

export const LAWS: readonly Law[] = withServerFaults([
  ...READ_LAWS,
  ...COLLECTION_LAWS,
  ...BATCH_LAWS,
  ...WRITE_LAWS,
  ...WIRE_LAWS,
  ...KEY_LAWS,
  ...ACTION_LAWS,
]);
