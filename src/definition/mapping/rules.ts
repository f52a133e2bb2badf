/** Rules that many fields share: one function for each kind of value. */
import { call, Code, list, literal, member, textOf } from '../code';
import { durationOf } from './period';
import { changed, Kind, kept, Outcome, Rule } from './rule';
import type { Use } from './use';

const outcome = (prop: string, code: Code | undefined): Outcome | undefined => code && kept(prop, code);

/** A text that a run evaluates. */
export const text = (prop: string): Rule => (use) => {
  const value = use.text();
  return value === undefined ? undefined : outcome(prop, use.runtime(value));
};

export const texts = (prop: string): Rule => (use) => {
  const codes = use.written().map((value) => use.runtime(value));
  return codes.some((code) => code === undefined) ? undefined : kept(prop, list(codes as Code[]));
};

/** A text that has to be known before a run. */
export const known = (prop: string): Rule => (use) => {
  const value = use.text();
  return value === undefined ? undefined : outcome(prop, use.known(value));
};

export const knownList = (prop: string): Rule => (use) => {
  const codes = use.texts().map((each) => use.known(each));
  return codes.some((code) => code === undefined) ? undefined : kept(prop, list(codes as Code[]));
};

/** SQL: a run evaluates what stands in its texts, in quotes; elsewhere parameters count with the values that they have. */
export const sql = (prop: string): Rule => (use) => {
  const value = use.text();
  const code = value === undefined ? undefined : use.runtime(use.outsideQuotes(value));
  return outcome(prop, code);
};

const BUCKET = /^s3:\/\/[^/#]+\//;

/** A place in Amazon S3: its bucket has to be known, and its key need not. */
export function uriCode(use: Use, value: string): Code | undefined {
  const uri = value.replace(/^s3[an]:\/\//i, 's3://');
  const end = bucketEnd(uri);
  if (end === undefined) return use.runtime(uri);
  const head = use.known(uri.slice(0, end));
  const tail = use.runtime(uri.slice(end));
  if (!head || !tail) return undefined;
  const start = textOf(head)!.replace(/^s3[an]:\/\//i, 's3://');
  const rest = textOf(tail)!;
  if (!start.startsWith('s3://')) return use.error(`is in Amazon S3: s3://<bucket>/<key>; got: "${start}${rest}"`);
  const codes: Code[] = head.kind === 'literal' ? [literal(start)] : head.kind === 'template' ? [...head.parts] : [head];
  const slash = /^s3:\/\/[^/]+$/.test(start) && !rest.startsWith('/') ? '/' : '';
  return joined([...codes, literal(slash + rest)]);
}

/** How much of a URI has to be known: up to the end of the bucket, or of the expression that has it. */
function bucketEnd(uri: string): number | undefined {
  if (BUCKET.test(uri) || !uri.includes('#{')) return undefined;
  const end = uri.indexOf('}');
  return end < 0 ? undefined : uri.startsWith('s3://') ? uri.indexOf('/', end) < 0 ? uri.length : uri.indexOf('/', end) : end + 1;
}

/** Literals side by side are one. */
function joined(codes: readonly Code[]): Code {
  const parts = codes.filter((code) => textOf(code) !== '').reduce<Code[]>((before, code) => {
    const last = before.at(-1);
    if (last?.kind !== 'literal' || code.kind !== 'literal') return [...before, code];
    return [...before.slice(0, -1), literal(`${last.value}${code.value}`)];
  }, []);
  return parts.length === 1 ? parts[0] : { kind: 'template', parts };
}

export const uri = (prop: string): Rule => (use) => {
  const value = use.text();
  const code = value === undefined ? undefined : uriCode(use, value);
  reportServiceBucket(use, textOf(code));
  return outcome(prop, code);
};

const SERVICE_BUCKETS: ReadonlyArray<readonly [RegExp, string]> = [
  [/s3:\/\/(dynamodb-(dpl|emr)-|[^/]*\.?dynamodb-)/, 'a HiveCopyActivity copies tables without it; else keep a copy of the jar in a bucket of your own'],
  [/s3:\/\/(aws-)?datapipeline-/, 'keep a copy in a bucket of your own'],
  [/s3:\/\/([a-z0-9-]+\.)?elasticmapreduce\//, 'command-runner.jar runs programs of the cluster; keep a copy of samples in a bucket of your own'],
];

/** What lies in the buckets of services that close, or of other decades. */
export function reportServiceBucket(use: Use, value: string | undefined): void {
  const found = SERVICE_BUCKETS.find(([pattern]) => value !== undefined && pattern.test(value));
  if (found) use.warn(`is in a bucket of AWS's own, which may go: ${found[1]}; got: "${/s3:\/\/[^,\s]*/.exec(value!)?.[0]}"`);
}

function numeric(prop: string, pattern: RegExp, what: string): Rule {
  return (use) => {
    const value = use.knownText()?.trim();
    if (value === undefined) return undefined;
    return pattern.test(value) ? kept(prop, literal(Number(value))) : use.error(`is ${what}; got: "${value}"`);
  };
}

export const integer = (prop: string): Rule => numeric(prop, /^-?\d{1,9}(\.0+)?$/, 'a whole number');
export const double = (prop: string): Rule => numeric(prop, /^-?\d{1,9}(\.\d{1,15})?$/, 'a number');

export const flag = (prop: string): Rule => (use) => {
  const value = use.knownText()?.trim().toLowerCase();
  if (value === undefined) return undefined;
  return value === 'true' || value === 'false' ? kept(prop, literal(value === 'true')) : use.error(`is true or false; got: "${value}"`);
};

export const period = (prop: string): Rule => (use) => {
  const value = use.knownText();
  if (value === undefined) return undefined;
  return outcome(prop, durationOf(value)) ?? use.error(`is a period, such as "2 hours": a number of minutes, hours, days or weeks; got: "${value}"`);
};

/** An enumeration, in any case. `members`: what the service calls each, without regard to case and underscores. */
export const choice = (prop: string, of: string, members: readonly string[]): Rule => (use) => {
  const value = use.knownText();
  if (value === undefined) return undefined;
  const plain = (name: string) => name.replaceAll('_', '').toLowerCase();
  const found = members.find((name) => plain(name) === plain(value.trim()));
  return found === undefined ? use.error(`is one of ${members.join(', ')}; got: "${value}"`) : kept(prop, member(of, found));
};

export const ref = (prop: string, ...kinds: Kind[]): Rule => (use) => {
  const ids = use.refs(...kinds);
  if (ids === undefined || ids.length === 0) return undefined;
  return ids.length === 1 ? kept(prop, { kind: 'object-ref', id: ids[0] }) : use.error(`refers to one object; got: ${ids.join(', ')}; give one`);
};

export const refs = (prop: string, ...kinds: Kind[]): Rule => (use) => {
  const ids = use.refs(...kinds);
  if (ids?.length === 0) return { fate: 'kept', to: prop, why: 'It is empty.' };
  return ids && kept(prop, list([...new Set(ids)].map((id) => ({ kind: 'object-ref', id }))));
};

/** What is in the account already. */
export const existing = (prop: string, callee: string): Rule => (use) => {
  const value = use.text();
  const code = value === undefined ? undefined : use.known(value);
  return code && kept(prop, existingCode(callee, code));
};

export const existingList = (prop: string, callee: string): Rule => (use) => {
  const codes = use.texts().map((each) => use.known(each));
  return codes.some((code) => code === undefined) ? undefined : kept(prop, list((codes as Code[]).map((code) => existingCode(callee, code))));
};

export function existingCode(callee: string, value: Code): Code {
  return { kind: 'existing', callee, id: `${callee.split('.')[0]}-${textOf(value)!.replaceAll(/[^A-Za-z0-9_-]+/g, '-')}`, value };
}

/** A role by its name or its ARN; the service's own default roles are not for the services that do its work now. */
export const role = (prop: string, instead = 'a role of its own, which may do what it needs'): Rule => (use) => {
  const value = use.knownText();
  if (value === undefined) return undefined;
  if (/(^|\/)DataPipelineDefault(Resource)?Role$/.test(value) || use.field.from === 'Default' && prop === 'role') {
    return changed(instead, `${value} is trusted by AWS Data Pipeline, and allows more than this pipeline needs: grant what its scripts do beside.`);
  }
  const callee = value.startsWith('arn:') ? 'Role.fromRoleArn' : 'Role.fromRoleName';
  return changed(prop, 'It must trust who assumes it now, and is granted what the pipeline needs.', [[prop, existingCode(callee, literal(value))]],
    `${prop} ${value}: check whom it trusts.`);
};

/** A value that is never written: a secret that the user gives. */
export const secret = (prop: string): Rule => (use) => {
  const [value] = use.field.values;
  const [, parameter] = typeof value === 'string' ? /^#\{\s*\*?(\w+)\s*\}$/.exec(value) ?? [] : [];
  const name = parameter ?? use.object.id;
  const why = `the password of ${use.object.id}`;
  return changed(prop, 'A secret of AWS Secrets Manager holds the value, with the keys username and password.', [[prop, { kind: 'given', name, what: 'secret', why }]],
    `${prop}: give the secret ${name}.`);
};

export const gone = (why: string, instead: string): Rule => () => ({ fate: 'not possible', why, instead });
/** Said by something else of the pipeline. */
export const elsewhere = (to: string, why: string): Rule => () => changed(to, why);

/** A list of commands or the like, each made a value. */
export const each = (prop: string, make: (use: Use, text: string, index: number) => Code | undefined): Rule => (use) => {
  const codes = use.written().map((value, index) => make(use, value, index));
  return codes.some((code) => code === undefined) ? undefined : kept(prop, list(codes as Code[]));
};

export const factory = (callee: string, code: Code): Code => call(callee, code);
