/** Where the rules come from: the pages a reader can open, each once. */
import type { Rule } from './rule.ts';

type Source = Rule['source'];

const protocol = 'https://linkedin.github.io/rest.li/spec/protocol';
const learn = 'https://learn.microsoft.com/en-us/linkedin/shared/api-guide/concepts';

// prettier-ignore
export const SOURCES = {
  methods:     { text: 'Rest.li protocol, resource methods',                        url: protocol },
  routing:     { text: 'Rest.li protocol; routing table of the open-source server', url: protocol },
  encoding:    { text: 'Rest.li protocol 2.0, URI and key encoding',                url: protocol },
  headers:     { text: 'Rest.li protocol, headers',                                 url: protocol },
  versions:    { text: 'LinkedIn API guide, protocol versions',                     url: `${learn}/protocol-version` },
  envelopes:   { text: 'Rest.li protocol, envelopes of batch and collection answers', url: protocol },
  partial:     { text: 'Rest.li protocol, partial update',                          url: protocol },
  batchFinder: { text: 'Rest.li documentation, batch finders',                      url: 'https://linkedin.github.io/rest.li/batch_finder_resource_method' },
  projections: { text: 'Rest.li documentation, projections',                        url: 'https://linkedin.github.io/rest.li/Projections' },
  tunnelling:  { text: 'LinkedIn API guide, query tunnelling',                      url: `${learn}/query-tunneling` },
  linkedin:    { text: 'LinkedIn API guide, request methods',                       url: `${learn}/methods` },
  linkedinVersion: { text: 'LinkedIn Marketing API versioning',                     url: 'https://learn.microsoft.com/en-us/linkedin/marketing/versioning' },
  linkedinErrors:  { text: 'LinkedIn API guide, error handling',                    url: `${learn}/error-handling` },
  linkedinChange:  { text: 'LinkedIn breaking change policy',                       url: 'https://learn.microsoft.com/en-us/linkedin/shared/breaking-change-policy' },
  urns:        { text: 'LinkedIn API guide, URNs and ids',                          url: `${learn}/urns` },
  paging:      { text: 'LinkedIn API guide, pagination',                            url: `${learn}/pagination` },
  server:      { text: 'Rest.li server user guide',                                 url: 'https://linkedin.github.io/rest.li/user_guide/restli_server' },
  json:        { text: 'RFC 8259, the JSON data interchange format',                url: 'https://www.rfc-editor.org/rfc/rfc8259' },
  http:        { text: 'RFC 9110, HTTP semantics',                                  url: 'https://www.rfc-editor.org/rfc/rfc9110' },
  contract:    { text: 'docs/contract-format.md' },
} as const satisfies Record<string, Source>;
