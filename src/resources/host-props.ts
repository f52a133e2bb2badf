import { Duration, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { HostSettings } from './host-unit';
import { WorkerGroupHosts } from './worker-group-hosts';
import { invalid } from '../errors';

const USER = /^[a-z_][a-z0-9_-]{0,31}$/;
const EXPRESSION = /^(rate|cron)\(.+\)$/;

/** How Task Runner runs on hosts, with the defaults. */
export type HostProps = Omit<HostSettings, 'name'> & { readonly tasks: number; readonly scheduleExpression: string; readonly registrationLimit?: number };

/** @throws naming the prop */
export function hostProps(object: Construct, props: WorkerGroupHosts = {}): HostProps {
  const { tasks = 2, user = 'data-pipeline', drainTimeout = Duration.minutes(5), scheduleExpression = 'rate(1 hour)' } = props;
  const seconds = drainTimeout.toSeconds({ integral: false });
  if (!(Number.isInteger(tasks) && tasks >= 1 && tasks <= 100)) throw invalid(object, 'hosts.tasks', `is a whole number from 1 to 100; got: ${tasks}`);
  if (!USER.test(user)) {
    throw invalid(object, 'hosts.user', `is a lower-case letter or "_", then lower-case letters, digits, "_" and "-", 32 at most; got: "${user}"`);
  }
  if (!(Number.isInteger(seconds) && seconds <= 86_400)) {
    throw invalid(object, 'hosts.drainTimeout', `is a whole number of seconds, 86400 (a day) at most; got: ${seconds} s`);
  }
  if (!Token.isUnresolved(scheduleExpression) && !EXPRESSION.test(scheduleExpression)) {
    throw invalid(object, 'hosts.scheduleExpression', `is rate(...) or cron(...); got: "${scheduleExpression}"`);
  }
  const { registrationLimit } = props;
  if (registrationLimit !== undefined && !(Number.isInteger(registrationLimit) && registrationLimit >= 1 && registrationLimit <= 1000)) {
    throw invalid(object, 'hosts.registrationLimit', `is a whole number from 1 to 1000; got: ${registrationLimit}`);
  }
  return { tasks, user, drainTimeout: seconds, scheduleExpression, registrationLimit };
}
