/**
 * Tasks that a run itself sends to the Task Runner of an instance, by an SSM command that carries the task's token.
 *
 * The task and its token are one parameter of the command, in percent-encoding: no character of it means anything to the shell that writes
 * it to a file, and it is on no command line. Who may read the account's commands sees it; a token is of use only to who may answer tasks.
 */
import { INVALID_TASK } from '../../contract/errors';
import type { Ec2Resource } from '../../resources/ec2-resource';
import { Asl, jsonata, merged, States } from '../asl';
import { operand } from '../list-field';
import { stateName } from '../names';
import { TaskRunnerWork } from '../work';
import { RunContext } from './context';
import { sendStatements } from './ec2-permissions';
import { Hold } from './hold';
import { taskDocument, taskLimits } from './task-runner';
import { Attempts, JobSite } from './work';
import { jsonataString } from '../../expression/value';
import type { PipelineObject } from '../../pipeline-object';

/** How long Systems Manager tries to deliver a command. */
const DELIVERY_SECONDS = 600;

type SentWork = TaskRunnerWork & { readonly host: Ec2Resource };

/** The task, and what follows when it has failed. */
export function renderSent(
  site: JobSite, object: PipelineObject, work: SentWork, attempts: Attempts, hold: Hold, attemptTimeout?: number,
): States {
  const { context, activity, settled } = site;
  const name = stateName(activity.objectId);
  const unfit = `$states.errorOutput.Error in [${[INVALID_TASK, 'States.QueryEvaluationError'].map(jsonataString).join(', ')}]`;
  return merged({
    [name]: {
      Type: 'Task',
      ...sentTask(context, work.host, hold.id, taskDocument(context, object, work, `$${attempts.count}`, site.deadline)),
      ...taskLimits(work.reportProgressTimeout, attemptTimeout),
      Catch: [attempts.catcher({ more: { unfit } })],
      Assign: attempts.finished(),
      Output: {},
      Next: hold.finished ?? settled.success,
    },
  }, attempts.states(stateName(activity.objectId, 'check resource'), { last: hold.exhausted, unless: `$${attempts.error}.unfit` }));
}

/** `id` is JSONata of the instance's. */
export function sentTask(context: RunContext, resource: Ec2Resource, id: string, document: Asl): Asl {
  const { document: DocumentName, user } = resource._launch;
  context.allow(...sendStatements(resource));
  return {
    Resource: context.resource('aws-sdk:ssm:sendCommand.waitForTaskToken'),
    Arguments: {
      DocumentName,
      InstanceIds: [jsonata(id)],
      TimeoutSeconds: DELIVERY_SECONDS,
      Parameters: {
        Task: [jsonata(`$encodeUrlComponent($string({"token": $states.context.Task.Token, "task": ${operand(context.texts, document)}}))`)],
        Delivery: [jsonata('$uuid()')],
        User: [user],
      },
    },
  };
}
