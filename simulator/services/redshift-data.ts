import { PGliteInterface } from '@electric-sql/pglite';
import { Clock } from '../clock';
import { S3Store } from '../servers/s3-store';
import { Json, TaskFailure, TaskHandler, TaskRequest } from '../task';
import { argumentsOf, Fields, optionalNumber, optionalText, optionalTexts, text, unusable } from './fields';
import { messageOf, sdkFailure } from './integration';
import { parseCopy } from './redshift-copy';
import { load } from './redshift-load';
import { startsWith, toPostgres, withoutComments } from './redshift-sql';
import { describeResult, RedshiftStatement } from './redshift-statement';
import { parseUnload, unload } from './redshift-unload';
import { SortedNames } from './sorted-names';
import { Cancellation } from '../signals';

export interface RedshiftDataOptions {
  /** Where the tables are. @default - nowhere: statements take their time, and do nothing */
  readonly database?: PGliteInterface;
  /** What COPY reads. */
  readonly store?: S3Store;
  /** How long statements take, in milliseconds of the clock, beside the work itself; by default 1 second. */
  readonly duration?: (sqls: readonly string[]) => number;
  /** Why statements fail, where they do. */
  readonly failure?: (sqls: readonly string[]) => string | undefined;
}

/** What one call runs: a statement, or a batch in one transaction. */
interface Job {
  readonly whole: RedshiftStatement;
  readonly parts: readonly RedshiftStatement[];
  readonly batch: boolean;
  readonly name?: string;
  readonly target: Fields;
  readonly cancelled: Cancellation;
  /** When it has ended; does not reject. */
  done: Promise<void>;
}

const PAGE = 100;
/** Longer than this no statement runs. */
const LONGEST = 24 * 3600_000;
const TARGETS = ['ClusterIdentifier', 'WorkgroupName', 'Database', 'DbUser', 'SecretArn'];

/** The Redshift Data API, on PostgreSQL. Each call is a session: its temporary tables are gone when it ends. */
export class RedshiftData {
  private readonly jobs = new Map<string, Job>();
  /** By their names: one run's are asked for among those of very many. */
  private readonly named = new SortedNames<Job>();
  private readonly tokens = new Map<string, string>();
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: RedshiftDataOptions) {}

  public handlers(): Record<string, TaskHandler> {
    const named = (action: string, call: (args: Fields, request: TaskRequest) => Json | Promise<Json>): [string, TaskHandler] =>
      [`aws-sdk:redshiftdata:${action}`, async request => call(argumentsOf(request), request)];
    return Object.fromEntries([
      named('executeStatement', (args, request) => this.submit(args, [text(args, 'Sql')], false, request)),
      named('batchExecuteStatement', (args, request) => this.submit(args, sqlsOf(args), true, request)),
      named('describeStatement', (args, request) => this.describe(args, request)),
      named('cancelStatement', (args, request) => this.cancel(args, request)),
      named('getStatementResult', args => this.result(args)),
      named('listStatements', args => this.list(args)),
    ]);
  }

  /** The texts of the statements that have not ended. */
  public get running(): string[] {
    return [...this.jobs.values()].filter(({ whole }) => !whole.ended).map(({ whole }) => whole.sql);
  }

  private submit(args: Fields, sqls: readonly string[], batch: boolean, { clock }: TaskRequest): Json {
    validate(args);
    const token = optionalText(args, 'ClientToken');
    const known = token === undefined ? undefined : this.tokens.get(token);
    const job = known === undefined ? this.begin(args, sqls, batch, clock) : this.jobs.get(known)!;
    if (token !== undefined) this.tokens.set(token, job.whole.id);
    return { Id: job.whole.id, CreatedAt: new Date(job.whole.createdAt).toISOString(), ...job.target } as Json;
  }

  private begin(args: Fields, sqls: readonly string[], batch: boolean, clock: Clock): Job {
    const id = `00000000-0000-4000-8000-${String(this.jobs.size + 1).padStart(12, '0')}`;
    const whole = new RedshiftStatement(id, sqls.join(';\n'), clock.now());
    const parts = batch ? sqls.map((sql, index) => new RedshiftStatement(`${id}:${index + 1}`, sql, clock.now())) : [whole];
    const target = Object.fromEntries(TARGETS.filter(name => args[name] !== undefined).map(name => [name, args[name]]));
    const job: Job = { whole, parts, batch, name: optionalText(args, 'StatementName'), target, cancelled: new Cancellation(), done: Promise.resolve() };
    this.jobs.set(id, job);
    this.named.add(job.name ?? '', job);
    job.done = this.run(job, clock);
    return job;
  }

  private async run(job: Job, clock: Clock): Promise<void> {
    const duration = this.options.duration?.(job.parts.map(({ sql }) => sql)) ?? 1000;
    try {
      await clock.sleep(Math.min(duration, LONGEST), job.cancelled.signal);
    } catch {
      return;
    }
    if (duration > LONGEST) {
      for (const statement of [job.whole, ...job.parts]) statement.become('ABORTED', clock.now(), 'it has run for 24 hours');
      return;
    }
    const work = this.last.then(() => this.execute(job, clock));
    this.last = work;
    await clock.busy(work);
  }

  /** Never throws: what fails is the statements' status. */
  private async execute({ whole, parts, batch, cancelled }: Job, clock: Clock): Promise<void> {
    const { database, failure } = this.options;
    if (cancelled.signal.aborted) return;
    whole.become('STARTED', clock.now());
    try {
      const reason = failure?.(parts.map(({ sql }) => sql));
      if (reason !== undefined) throw new Error(reason);
      await database?.exec('BEGIN');
      for (const part of parts) {
        part.become('STARTED', clock.now());
        await this.runPart(part);
        if (batch) part.become('FINISHED', clock.now());
      }
      cancelled.signal.throwIfAborted();
      await database?.exec('COMMIT');
      whole.become('FINISHED', clock.now());
    } catch (error) {
      await database?.exec('ROLLBACK');
      const message = messageOf(error);
      const failed = parts.find(({ status }) => status === 'STARTED');
      failed?.become('FAILED', clock.now(), message);
      for (const part of parts) part.become('ABORTED', clock.now());
      whole.become('FAILED', clock.now(), message);
    }
    whole.rowCount = parts.at(-1)!.rowCount;
    await database?.exec('DISCARD TEMP');
  }

  private async runPart(part: RedshiftStatement): Promise<void> {
    const { database, store } = this.options;
    if (!database || !store) return;
    const sql = withoutComments(part.sql);
    if (startsWith(sql, 'COPY')) {
      part.rowCount = await load(parseCopy(sql), database, store);
      return;
    }
    if (startsWith(sql, 'UNLOAD')) {
      part.rowCount = await unload(parseUnload(sql), database, store);
      return;
    }
    // PostgreSQL has no queues.
    if (startsWith(sql, 'SET', 'QUERY_GROUP')) return;
    const { rows, fields, affectedRows } = await database.query<unknown[]>(toPostgres(sql), [], { rowMode: 'array', parsers: AS_TEXT });
    if (fields.length > 0) part.result = { rows, columns: fields.map(({ name, dataTypeID }) => ({ name, oid: dataTypeID })) };
    part.rowCount = part.result ? rows.length : affectedRows ?? 0;
    // In Redshift, TRUNCATE commits what the transaction has done.
    if (startsWith(sql, 'TRUNCATE')) await database.exec('COMMIT; BEGIN');
  }

  /** With WaitTimeSeconds, the answer comes when the statement has ended or that time has passed. */
  private async describe(args: Fields, { clock }: TaskRequest): Promise<Json> {
    const job = this.job(text(args, 'Id'));
    const wait = optionalNumber(args, 'WaitTimeSeconds') ?? 0;
    if (wait > 0 && !job.whole.ended) {
      const ended = new Cancellation();
      await Promise.race([job.done, clock.sleep(wait * 1000, ended.signal)]);
      ended.cancel();
    }
    const subStatements = job.batch ? { SubStatements: job.parts.map(part => part.describe()) } : {};
    return { ...job.whole.describe(), ...job.target, ...subStatements } as Json;
  }

  /** Of one role: all that were submitted here. By default, only statements that have finished. */
  private list(args: Fields): Json {
    const [prefix, status] = [optionalText(args, 'StatementName') ?? '', optionalText(args, 'Status') ?? 'FINISHED'];
    const [from, count] = [Number(optionalText(args, 'NextToken') ?? 0), optionalNumber(args, 'MaxResults') ?? PAGE];
    const newestFirst = (one: Job, other: Job) => one.whole.id < other.whole.id ? 1 : -1;
    const found = this.named.startingWith(prefix).filter(({ whole }) => status === 'ALL' || whole.status === status).sort(newestFirst);
    const page = found.slice(from, from + count).map(({ whole, name, batch }) => (
      { Id: whole.id, Status: whole.status, ...name === undefined ? {} : { StatementName: name }, QueryString: whole.sql, IsBatchStatement: batch }
    ));
    return { Statements: page, ...from + count < found.length ? { NextToken: String(from + count) } : {} };
  }

  private cancel(args: Fields, { clock }: TaskRequest): Json {
    const { whole, parts, cancelled } = this.job(text(args, 'Id'));
    if (whole.ended) throw invalid(`Could not cancel a query that is already in ${whole.status} state with ID: ${whole.id}`);
    for (const statement of [whole, ...parts]) statement.become('ABORTED', clock.now());
    cancelled.cancel(new Error('cancelled'));
    return { Status: true };
  }

  /** Of a statement, or of one in a batch: `<id>:<number>`. */
  private result(args: Fields): Json {
    const id = text(args, 'Id');
    const job = this.job(id.split(':')[0]);
    const statement = job.parts.find(part => part.id === id) ?? job.whole;
    if (!statement.result) throw missing('Query does not have result. Please check query status with DescribeStatement.');
    return describeResult(statement.result);
  }

  private job(id: string): Job {
    const job = this.jobs.get(id);
    if (!job) throw missing('Query does not exist.');
    return job;
  }
}

/** Dates and times are given as the database writes them. */
const AS_TEXT = Object.fromEntries([1082, 1114, 1184].map(oid => [oid, (value: string) => value]));

const LARGEST_BATCH = 40;

function sqlsOf(args: Fields): string[] {
  const sqls = optionalTexts(args, 'Sqls') ?? unusable(args, "The field 'Sqls' is required but was missing");
  if (sqls.length === 0 || sqls.length > LARGEST_BATCH) throw invalid(`Sqls must have between 1 and ${LARGEST_BATCH} members, not ${sqls.length}`);
  return sqls;
}

function validate(args: Fields): void {
  text(args, 'Database');
  if ((args.ClusterIdentifier === undefined) === (args.WorkgroupName === undefined)) {
    throw invalid('Either ClusterIdentifier or WorkgroupName must be given, and not both');
  }
  if (args.Parameters !== undefined) throw invalid('Parameters are not supported by this stand-in for the Redshift Data API');
}

function invalid(message: string): TaskFailure {
  return sdkFailure('RedshiftData', 'ValidationException', message);
}

function missing(message: string): TaskFailure {
  return sdkFailure('RedshiftData', 'ResourceNotFoundException', message);
}
