/**
 * What each recorded exchange of the open-source server is, by its place in `exchanges` of the vectors: a valid request,
 * a faulty one with the rule that says so, one that silently reached another method than its author meant, or one that
 * no contract covers. Labelled from what the server did (`routedTo`, status) and from what the request was sent to try.
 */
import type { MethodName } from '../../src/protocol/methods.ts';

export type Label =
  | { readonly is: 'valid'; readonly why: string }
  | { readonly is: 'faulty'; readonly rule: string; readonly why: string }
  | { readonly is: 'misrouted'; readonly reached: MethodName; readonly rule: string; readonly why: string }
  | { readonly is: 'uncovered'; readonly why: string };

type Numbers = readonly (number | readonly [from: number, to: number])[];

const VALID: readonly (readonly [Numbers, string])[] = [
  [[0, [2, 8], 36, 39, 40, 48, 49, 51, 53, 54, 55], 'a plain request of a declared method, answered by it'],
  [[1, 90], 'a right request for what does not exist: 404 is an answer'],
  [[10], 'an empty method header is none; CREATE needs none'],
  [[14, 15], 'any 1.x version is read as 1.0.0, and nothing here is written differently'],
  [[16, 38, 171, 172, 173], 'another spelling of the same version or key, read alike'],
  [[26, 177], 'a list of one text is read as that text'],
  [[33, 182, 184], 'a sub-resource under a parent key, whose existence is not checked'],
  [
    [42, 43, 44, 168, 170],
    'parameters that nobody declared are ignored by the server and only advised against in this dialect',
  ],
  [[46, 47], 'limits of paging that the server takes as they are'],
  [[59, 60, 63, 69], 'actions with and without parameters; none may have no body'],
  [[61, 62], 'a right request; the action itself fails'],
  [[65, 66, 67, 70, 71], 'methods of a simple resource, with and without header'],
  [[74], 'an entity without members, all of which are optional'],
  [[76, 83, 93, 153], 'a batch of nothing is a batch'],
  [[79, 84, 85, 92, 139, 140], 'writes in their envelopes'],
  [[97, 98, 100, 101, 102, 104], 'the entity may be returned, and the client may say so'],
  [[106, 107], 'an Accept that JSON satisfies'],
  [[[108, 118]], 'any text may become a key: the server escapes it for the header'],
  [[[119, 120], [122, 131], 133, 134, 136, 138], 'keys of text, escaped as they must be or need not be'],
  [[135], 'a text that itself holds an escape; that clients escape twice by mistake is advice here'],
  [[141, 142, 144, 145, 148, 150, 156], 'compound keys in any order of their parts, whole or as the path of a list'],
  [[154, 155, 164, 165], 'protocol 1.0.0, and written in it'],
  [[157, 158, 159, 162], 'complex keys in any order, with and without parameters'],
  [[166], 'a feature of the protocol that any method may carry'],
];

// prettier-ignore
const FAULTY: readonly (readonly [place: number, rule: string, why: string])[] = [
  [9, 'headers/method-unknown', 'a space before the name: the server compares untrimmed and answers 400'],
  [11, 'routing/patch-verb', 'Rest.li has no PATCH'],
  [12, 'headers/protocol-version-missing', 'read as 1.0.0; it happens to mean the same'],
  [13, 'headers/protocol-version-missing', 'read as 1.0.0, where List(1,2) is one text: both ids are reported as errors'],
  [17, 'headers/protocol-version-unsupported', 'only 2.0.0 of the second version is served'],
  [18, 'headers/protocol-version-unsupported', 'no such version'],
  [19, 'headers/protocol-version-unsupported', 'no such version'],
  [20, 'encoding/empty-value', 'an empty list is List()'],
  [21, 'keys/ids-type', 'abc is no long'],
  [22, 'encoding/query-syntax', 'the list is not closed'],
  [23, 'keys/ids-not-a-list', 'a record in the place of the list'],
  [24, 'encoding/empty-value', 'q without a name'],
  [28, 'params/criteria-missing', 'one record in the place of the list of criteria: the server fails with 500'],
  [34, 'routing/undeclared-method', 'the sub-resource has no GET_ALL'],
  [35, 'routing/key-on-action-set', 'a resource of actions has no entities'],
  [37, 'params/forbidden', 'a simple resource has no batches: the server fails with 500'],
  [41, 'encoding/mask-syntax', 'a mask of one member that is given a text'],
  [45, 'params/paging-value', 'start is a number'],
  [50, 'params/type', 'NOPE is no Tone; the server filters by a symbol that it does not know'],
  [52, 'params/type', 'a list is wanted'],
  [56, 'params/missing', 'the action requires s'],
  [57, 'encoding/empty-value', 'action without a name'],
  [58, 'routing/two-parameters', 'action and ids name two methods'],
  [64, 'routing/action-needs-post', 'an action sent by GET'],
  [68, 'headers/method-contradicts', 'POST to a simple resource is no CREATE'],
  [72, 'request-body/missing', 'CREATE without an entity'],
  [73, 'request-body/envelope', 'null is no entity'],
  [75, 'request-body/envelope', 'BATCH_CREATE without elements: 200, and nothing is created'],
  [77, 'request-body/schema', 'the id is a text; the server stores it without a look'],
  [78, 'request-body/schema', 'NOPE is no Tone; the server stores it without a look'],
  [80, 'batch/keys-differ', 'ids names a key that entities lacks'],
  [81, 'batch/keys-differ', 'entities holds a key that ids lacks'],
  [82, 'batch/key-invalid', 'x is no long'],
  [86, 'patch/wrapper-missing', 'no patch in the body: 204, and nothing is changed'],
  [87, 'request-body/missing', 'PARTIAL_UPDATE without a body'],
  [88, 'patch/wrapper-missing', 'commands outside patch: 204, and nothing is changed'],
  [91, 'headers/method-contradicts', 'POST with a key is no UPDATE'],
  [94, 'routing/no-method', 'BATCH_DELETE that lost its ids'],
  [95, 'request-body/unexpected', 'a GET with a body; the server ignores it'],
  [96, 'request-body/unexpected', 'a DELETE with a body, which the server tries to read'],
  [99, 'params/return-entity-value', 'neither true nor false'],
  [103, 'routing/undeclared-method', 'the resource has no DELETE'],
  [105, 'headers/accept-unsupported', 'nothing that the server writes is accepted'],
  [121, 'keys/empty', 'the empty text in a path is read back as two quotes'],
  [132, 'encoding/raw-delimiter-in-value', 'a raw colon in a key of the list'],
  [137, 'keys/ids-type', 'a record where the key is a text'],
  [143, 'encoding/protocol-1-syntax', 'a key of 1.0.0 under 2.0.0'],
  [146, 'keys/parts', 'the finder is called below src, which the path lacks'],
  [147, 'keys/parts', 'a part that the key does not have'],
  [149, 'keys/type', 'x is no long'],
  [151, 'keys/parts', 'a part of the key is missing: the recorded resource fails with 500'],
  [152, 'keys/parts', '5 is no key of two parts'],
  [160, 'encoding/protocol-1-syntax', 'a key of 1.0.0 under 2.0.0: the server fails with 500'],
  [161, 'keys/parts', 'a part of the key is missing: the recorded resource fails with 500'],
  [163, 'keys/type', 'a list where a text is due: the recorded resource fails with 500'],
  [167, 'params/undeclared', 'an alternative key that the resource does not have'],
  [174, 'keys/type', '1.0 is no long'],
  [175, 'keys/type', 'one more than the greatest long'],
  [176, 'keys/ids-type', 'true is no long'],
  [178, 'headers/method-contradicts', 'with ids it is a batch, and the header says it is not'],
  [179, 'headers/method-contradicts', 'with a key it is no batch'],
  [180, 'headers/method-contradicts', 'with ids it is a batch, and the header says it is not'],
  [183, 'routing/undeclared-method', 'the sub-resource has no BATCH_CREATE'],
  [185, 'headers/protocol-version-missing', 'read as 1.0.0, where the list of keys means nothing: 500'],
  [186, 'headers/protocol-version-missing', 'read as 1.0.0, where the list of criteria means nothing: 500'],
  [187, 'headers/protocol-version-missing', 'read as 1.0.0; the plus stays a plus in either'],
  [188, 'headers/protocol-version-missing', 'read as 1.0.0, where ids is one text that entities lacks'],
  [189, 'headers/protocol-version-missing', 'read as 1.0.0, where ids is one text that is no key'],
  [190, 'headers/protocol-version-missing', 'read as 1.0.0, where ids is one text that entities lacks'],
  [192, 'headers/method-contradicts', 'ACTION that lost its action: the header saves it from CREATE'],
  [193, 'headers/method-contradicts', 'ACTION that lost its action: the header saves it from PARTIAL_UPDATE'],
  [195, 'headers/method-contradicts', 'a patch that lost its key: the header saves it from CREATE'],
  [196, 'routing/no-method', 'a finder by DELETE'],
  [197, 'request-body/missing', 'BATCH_UPDATE without a body'],
];

// prettier-ignore
const MISROUTED: readonly (readonly [place: number, reached: MethodName, rule: string, why: string])[] = [
  [25, 'GET_ALL', 'routing/finder-becomes-list', 'q names no finder: everything is listed, unfiltered'],
  [27, 'FINDER', 'routing/two-parameters', 'a batch finder that also has q runs the finder; its criteria are ignored'],
  [89, 'PARTIAL_UPDATE', 'routing/entity-becomes-patch', 'a whole entity by POST: 204, and nothing is changed'],
  [181, 'UPDATE', 'routing/patch-becomes-update', 'a patch by PUT overwrites the entity with the patch document'],
  [191, 'PARTIAL_UPDATE', 'routing/action-becomes-write', 'an action that lost its name: 204, and nothing was done'],
  [194, 'GET_ALL', 'routing/finder-becomes-list', 'a finder that lost q lists everything, in the same envelope'],
];

const UNCOVERED: readonly (readonly [Numbers, string])[] = [
  [[29], 'two slashes: the first segment is taken for a host'],
  [[30, 31, 32], 'no resource has that path'],
  [[169], 'the multiplexer is no resource'],
];

function placesOf(numbers: Numbers): readonly number[] {
  return numbers.flatMap((one) =>
    typeof one === 'number' ? [one] : Array.from({ length: one[1] - one[0] + 1 }, (_, index) => one[0] + index),
  );
}

/** @throws when an exchange has two labels */
export function labels(): ReadonlyMap<number, Label> {
  const all = new Map<number, Label>();
  const put = (place: number, label: Label): void => {
    if (all.has(place)) throw new Error(`Exchange ${place} is labelled twice`);
    all.set(place, label);
  };
  for (const [numbers, why] of VALID) for (const place of placesOf(numbers)) put(place, { is: 'valid', why });
  for (const [numbers, why] of UNCOVERED) for (const place of placesOf(numbers)) put(place, { is: 'uncovered', why });
  for (const [place, rule, why] of FAULTY) put(place, { is: 'faulty', rule, why });
  for (const [place, reached, rule, why] of MISROUTED) put(place, { is: 'misrouted', reached, rule, why });
  return all;
}
