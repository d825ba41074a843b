/** LAWS: what every endpoint owes, one row a law. */
import { withPendingSetAside } from './accepted.ts';
import { ACTION_LAWS } from './actions.ts';
import { BATCH_LAWS } from './batch.ts';
import { BATCH_WRITE_LAWS } from './batch-writes.ts';
import { COLLECTION_LAWS } from './collection.ts';
import { IDS_LAWS } from './ids.ts';
import { KEY_LAWS } from './keys.ts';
import type { Law } from './law.ts';
import { LINK_LAWS } from './links.ts';
import { PATCH_LAWS } from './patches.ts';
import { READ_LAWS } from './read.ts';
import { REFUSAL_LAWS } from './refused-writes.ts';
import { RETURNED_LAWS } from './returned.ts';
import { withServerFaults } from './server-fault.ts';
import { TUNNEL_LAWS } from './tunnel.ts';
import { VALUE_LAWS } from './values.ts';
import { WIRE_LAWS } from './wire.ts';
import { WRITE_LAWS } from './write.ts';

export const LAWS: readonly Law[] = withServerFaults(
  withPendingSetAside([
    ...READ_LAWS,
    ...COLLECTION_LAWS,
    ...LINK_LAWS,
    ...BATCH_LAWS,
    ...IDS_LAWS,
    ...BATCH_WRITE_LAWS,
    ...WRITE_LAWS,
    ...VALUE_LAWS,
    ...PATCH_LAWS,
    ...RETURNED_LAWS,
    ...TUNNEL_LAWS,
    ...WIRE_LAWS,
    ...REFUSAL_LAWS,
    ...KEY_LAWS,
    ...ACTION_LAWS,
  ]),
);
