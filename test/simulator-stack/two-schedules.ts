import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { DeletableStack } from './deletable-stack';
import { HOUR, modelledEmr } from './models';
import { VirtualClock } from '../../simulator/clock';
import { S3Store } from '../../simulator/servers/s3-store';
import { SimulatedStack } from '../../simulator/stack/simulated-stack';
import { EmrActivity, EmrCluster, EmrStep, Pipeline, Schedule } from '../../src';

const START = new Date('2026-12-01T00:00:00Z');

/** A cluster in each run of two schedules, of which one waits for the other: half a day, and the day. */
export class TwoSchedulesStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const schedule = Schedule.rate(Duration.hours(12), { startDateTime: START });
    const pipeline = new Pipeline(this, 'P', { schedule, pipelineName: 'p', retryDelay: Duration.minutes(1), maximumRetries: 1 });
    const on = { runsOn: new EmrCluster(pipeline, 'Cluster', { terminateAfter: Duration.hours(2) }), steps: [EmrStep.command(['true'])] };
    const extract = new EmrActivity(pipeline, 'Extract', on);
    const daily = Schedule.rate(Duration.days(1), { startDateTime: START, scheduleName: 'daily' });
    new EmrActivity(pipeline, 'Report', { ...on, schedule: daily, dependsOn: [extract] });
  }
}

/** In virtual time. */
export class TwoSchedules extends DeletableStack {
  public static async load(folder: string): Promise<TwoSchedules> {
    const store = new S3Store(mkdtempSync(join(folder, 's3-')));
    const clock = new VirtualClock(START.getTime());
    const emr = modelledEmr();
    const made: { it?: TwoSchedules } = {};
    const handlers = { ...emr.handlers(), 'lambda:invoke': DeletableStack.functions(() => made.it) };
    return made.it = new TwoSchedules(await SimulatedStack.load({ assembly: folder, clock, store, handlers }), clock, emr);
  }

  /** The day, and both of its halves. */
  public async begin(): Promise<void> {
    await this.stack.deliverTicks(START, new Date(START.getTime() + 12 * HOUR + 1));
  }
}
