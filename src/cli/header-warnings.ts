/** Headers that a service of the dialect will ask for and that nothing sets, told before every request is refused. */
import type { Config } from '../contract/config.ts';
import type { Contract, HeaderValues } from '../contract/contract.ts';
import { missingHeaders } from '../plan/supplied-headers.ts';
import type { Target } from '../run/options.ts';

/** One sentence for each header and dialect; none for the embedded endpoint, which is given what it asks for. */
export function headerWarnings(
  contracts: readonly Contract[],
  {
    target,
    headers,
    dialects,
  }: { readonly target: Target; readonly headers: HeaderValues; readonly dialects: Config['dialects'] },
): readonly string[] {
  const { baseUrl } = target;
  if (baseUrl === null) return [];
  const lacking = new Map<string, Contract[]>();
  for (const contract of contracts) {
    const dialect = dialects.get(target.dialect ?? contract.dialect);
    if (dialect === undefined) continue;
    const base = dialect.bases.find((one) => baseUrl.endsWith(one)) ?? null;
    for (const name of missingHeaders(dialect, base, contract, [contract.headers, target.headers, headers])) {
      const source = contract.requestHeaders.has(name) ? 'the contract' : `the dialect ${dialect.name}`;
      const text = `${source} wants the header ${name} on every request`;
      lacking.set(text, [...(lacking.get(text) ?? []), contract]);
    }
  }
  return [...lacking].map(([text, [first, ...more]]) => {
    const where = `${first?.resource ?? ''}${more.length === 0 ? '' : ` and ${more.length} more`}`;
    return `${text}, and nothing sets it for ${where}; put it under \`headers\` of the target or the contract`;
  });
}
