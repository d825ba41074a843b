/**
 * Small contracts that give each sampled resource of LinkedIn's public API its path, kind, key and methods. What they
 * hold is left open: the samples are judged for how they are addressed and written, not for their data.
 */
import type { Contract } from '../../src/contract/contract.ts';
import { contractOf } from '../support/contract.ts';

interface Row {
  readonly kind?: 'association' | 'simple' | 'actionsSet';
  readonly key?: Readonly<Record<string, string>>;
  readonly parents?: Readonly<Record<string, unknown>>;
  readonly path?: string;
  readonly methods: Readonly<Record<string, unknown>>;
}

const URN = { id: 'urn' };
const LONG = { id: 'long' };
const TEXT = { id: 'string' };
const CANDIDATE = { atsCandidateId: 'string', dataProvider: 'string', integrationContext: 'urn' };
const INTEGRATION = {
  integrationContext: 'urn',
  integrationType: 'string',
  tenantType: 'string',
  dataProvider: 'string',
};

/** A paged finder with parameters of any type. */
const finder = (...params: readonly string[]): unknown => ({
  params: Object.fromEntries(params.map((name) => [`${name}?`, true])),
  paging: 'offset',
});
const OPEN = null;
const AUTHORIZATIONS: Row = {
  key: URN,
  methods: {
    BATCH_FINDER: {
      authorizationActionsAndImpersonator: {
        criteria: { authorizationAction: true, 'impersonator?': true },
        batchParam: 'authorizationActions',
        params: { 'impersonator?': true },
        paging: 'offset',
      },
    },
  },
};

/** Any value of each parent, so that the contracts stand for themselves. */
const VALUES: Readonly<Record<string, unknown>> = {
  account: 1,
  activity: 'urn:li:activity:1',
  ad: 'urn:li:sponsoredConversation:1',
  candidate: { atsCandidateId: 'a', dataProvider: 'ATS', integrationContext: 'urn:li:organization:1' },
  integration: {
    integrationContext: 'urn:li:organization:1',
    integrationType: 'a',
    tenantType: 'b',
    dataProvider: 'ATS',
  },
};

const ROWS: Readonly<Record<string, Row>> = {
  documents: {
    key: URN,
    methods: { ACTION: { initializeUpload: { params: { initializeUploadRequest: true }, returns: {} } } },
  },
  targetingAudienceInsights: { kind: 'actionsSet', methods: { ACTION: { audienceInsights: { returns: {} } } } },
  testResource: {
    key: TEXT,
    methods: {
      ACTION: { doSomething: { params: { 'actionParam1?': true, 'actionParam2?': true }, returns: {} } },
      BATCH_DELETE: OPEN,
      BATCH_GET: OPEN,
      BATCH_PARTIAL_UPDATE: OPEN,
      GET_ALL: OPEN,
      PARTIAL_UPDATE: OPEN,
    },
  },
  conversionEvents: { key: TEXT, methods: { BATCH_CREATE: OPEN, CREATE: OPEN } },
  'adAccounts.creatives': {
    path: '/adAccounts/{account}/creatives',
    parents: { account: 'long' },
    key: URN,
    methods: { BATCH_CREATE: OPEN },
  },
  adCampaignGroups: { key: LONG, methods: { BATCH_CREATE: OPEN } },
  atsIntegrations: {
    kind: 'association',
    key: INTEGRATION,
    methods: { BATCH_PARTIAL_UPDATE: OPEN, FINDER: { request: finder('requestId') } },
  },
  'atsIntegrations.configurations': {
    path: '/atsIntegrations/{integration}/configurations',
    parents: { integration: { $key: INTEGRATION } },
    key: TEXT,
    methods: { BATCH_DELETE: OPEN, BATCH_GET: OPEN, BATCH_UPDATE: OPEN },
  },
  atsEntityAcls: {
    kind: 'association',
    key: {
      atsEntityAclId: 'string',
      dataProvider: 'string',
      integrationContext: 'urn',
      atsEntityId: 'string',
      atsEntityType: 'string',
    },
    methods: { BATCH_UPDATE: OPEN },
  },
  atsEntityAclAssignees: {
    kind: 'association',
    key: { atsEntityAclId: 'string', dataProvider: 'string', integrationContext: 'urn', assignee: 'urn' },
    methods: { BATCH_DELETE: OPEN },
  },
  atsCandidates: { kind: 'association', key: CANDIDATE, methods: { BATCH_DELETE: OPEN, BATCH_PARTIAL_UPDATE: OPEN } },
  'atsCandidates.notes': {
    path: '/atsCandidates/{candidate}/notes',
    parents: { candidate: { $key: CANDIDATE } },
    key: TEXT,
    methods: { BATCH_UPDATE: OPEN },
  },
  organizationAuthorizations: AUTHORIZATIONS,
  dmaOrganizationAuthorizations: AUTHORIZATIONS,
  conversationAds: { key: URN, methods: { BATCH_GET: OPEN } },
  'conversationAds.sponsoredMessageContents': {
    path: '/conversationAds/{ad}/sponsoredMessageContents',
    parents: { ad: 'urn' },
    key: URN,
    methods: { CREATE: OPEN },
  },
  posts: { key: URN, methods: { BATCH_GET: OPEN, PARTIAL_UPDATE: OPEN } },
  adAccounts: { key: LONG, methods: { DELETE: OPEN } },
  'adAccounts.adCampaignGroups': {
    path: '/adAccounts/{account}/adCampaignGroups',
    parents: { account: 'long' },
    key: LONG,
    methods: {
      GET: OPEN,
      BATCH_GET: OPEN,
      BATCH_PARTIAL_UPDATE: OPEN,
      FINDER: { search: { params: { 'search?': true, 'sortOrder?': true }, paging: 'cursor' } },
    },
  },
  'adAccounts.adCampaigns': {
    path: '/adAccounts/{account}/adCampaigns',
    parents: { account: 'long' },
    key: LONG,
    methods: { FINDER: { search: { params: { 'search?': { type: 'object' } }, paging: 'cursor' } } },
  },
  socialMetadata: { key: URN, methods: { BATCH_GET: OPEN } },
  simpleJobPostingTasks: { key: URN, methods: { BATCH_GET: OPEN } },
  campaignConversions: {
    kind: 'association',
    key: { campaign: 'urn', conversion: 'urn' },
    methods: { BATCH_UPDATE: OPEN, UPDATE: OPEN },
  },
  'socialActions.comments': {
    path: '/socialActions/{activity}/comments',
    parents: { activity: 'urn' },
    key: LONG,
    methods: { CREATE: OPEN, DELETE: { params: { 'actor?': 'urn' } }, GET_ALL: { paging: 'offset' } },
  },
  shares: { key: URN, methods: { CREATE: OPEN } },
  ugcPosts: { key: URN, methods: { CREATE: OPEN } },
  provisionedApplications: {
    key: URN,
    methods: {
      CREATE: OPEN,
      PARTIAL_UPDATE: OPEN,
      FINDER: { credentialsByUniqueForeignId: finder('uniqueForeignId') },
    },
  },
  dmpSegments: { key: LONG, methods: { CREATE: OPEN } },
  leadNotifications: { key: LONG, methods: { DELETE: OPEN } },
  adAccountUsers: {
    kind: 'association',
    key: { account: 'urn', user: 'urn' },
    methods: {
      FINDER: { authenticatedUser: finder(), accounts: { params: { accounts: 'urn' }, paging: 'offset' } },
      UPDATE: { params: { 'longParam?': 'string' } },
      PARTIAL_UPDATE: OPEN,
    },
  },
  adTargetingEntities: {
    key: URN,
    methods: { FINDER: { adTargetingFacet: finder('queryVersion', 'facet', 'locale') } },
  },
  audienceCounts: { key: TEXT, methods: { FINDER: { targetingCriteriaV2: finder('targetingCriteria') } } },
  adAnalytics: {
    key: TEXT,
    methods: { FINDER: { analytics: finder('pivot', 'timeGranularity', 'dateRange', 'campaigns', 'accounts') } },
  },
  organizationalEntityShareStatistics: {
    key: TEXT,
    methods: { FINDER: { organizationalEntity: finder('organizationalEntity') } },
  },
  organizationalEntityFollowerStatistics: {
    key: TEXT,
    methods: { FINDER: { organizationalEntity: finder('organizationalEntity') } },
  },
  organizationalEntityAcls: { key: TEXT, methods: { FINDER: { roleAssignee: finder() } } },
  leadForms: { key: LONG, methods: { FINDER: { owner: finder('owner') } } },
  organizations: { key: LONG, methods: { GET: OPEN, FINDER: { vanityName: finder('vanityName') } } },
  seats: { key: LONG, methods: { FINDER: { seatsByAttributes: finder('active', 'contracts') } } },
  userinfo: { kind: 'simple', methods: { GET: OPEN } },
  me: { kind: 'simple', methods: { GET: OPEN } },
  networkSizes: { key: URN, methods: { GET: { params: { 'edgeType?': 'string' } } } },
  accountRoles: {
    kind: 'association',
    key: { member: 'urn', account: 'urn' },
    methods: { GET: { params: { 'param1?': true, 'param2?': true } } },
  },
  people: { key: TEXT, methods: { GET_ALL: { paging: 'offset' } } },
};

export const LINKEDIN: readonly Contract[] = Object.entries(ROWS).map(([resource, row]) =>
  contractOf(
    JSON.stringify({
      contract: 1,
      resource,
      dialect: 'linkedin',
      ...(row.kind === 'actionsSet' ? {} : { entity: { type: 'object' } }),
      ...row,
      ...(row.parents === undefined
        ? {}
        : { vars: Object.fromEntries(Object.keys(row.parents).map((name) => [name, VALUES[name]])) }),
    }),
    { file: `${resource}.contract.json` },
  ),
);
