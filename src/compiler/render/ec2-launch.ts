/**
 * The launch of a transient instance.
 *
 * RunInstances takes a client token, of the execution and the number of the launch: repeated after whatever error, it answers with the one
 * instance. It is there when Task Runner on it has done a task that is nothing: then Systems Manager reaches it, and it reaches Amazon S3
 * and Step Functions. Until its agent has registered, Systems Manager refuses commands to it by name.
 */
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ANY_ERROR, Asl, jsonata, jsonataObject, States, TIMEOUTS, TRANSIENT_RETRY } from '../asl';
import { operand } from '../list-field';
import { composedOperand, piecesOf, Standing, textPieces } from '../step-argument';
import { textFields } from '../texts';
import { RunContext } from './context';
import { launchStatements } from './ec2-permissions';
import { sentTask } from './ec2-task';
import { guard } from './guard';
import type { LaunchSite } from './launch';
import { callsOf } from './resource-calls';
import { endOf, ResourceVariables, terminate } from './resource-variables';
import { CAUGHT_REASON, ENTERED, failedWith, REASON_LENGTH } from './result';
import { taskDocument } from './task-runner';
import type { Ec2Resource } from '../../resources/ec2-resource';
import { REPORT_PROGRESS_TIMEOUT } from '../../resources/task-runner-host';

const NOT_REGISTERED = 'Ssm.InvalidInstanceIdException';
const CHECK_SECONDS = 10;

export function launchInstance(site: LaunchSite<Ec2Resource>): States {
  const { context, resource, step } = site;
  const variables = new ResourceVariables(resource);
  const { maximumRetries, retryDelay } = context.settings(resource._props);
  const result = context.result(resource);
  const end = endOf(resource, variables);
  const failed = failedWith('"FAILED"', `$${variables.error}`, `$${variables.launch}`, `$${variables.launched}`);
  const { launchRole } = resource._launch;
  context.allow(...launchRole ? [new PolicyStatement({ actions: ['sts:AssumeRole'], resources: [launchRole.roleArn] })] : launchStatements(resource));
  return {
    [step('acquire')]: {
      Type: 'Task',
      Resource: context.resource('aws-sdk:ec2:runInstances'),
      ...launchRole ? { Credentials: { RoleArn: launchRole.roleArn } } : {},
      Arguments: runInstances(context, resource, variables),
      Retry: [TRANSIENT_RETRY],
      Catch: [{ ErrorEquals: ANY_ERROR, Assign: { [variables.error]: jsonata(CAUGHT_REASON), [variables.launched]: jsonata(ENTERED) }, Next: step('launch again?') }],
      Assign: { [variables.id]: jsonata('$states.result.Instances[0].InstanceId'), [variables.launched]: jsonata(ENTERED) },
      Output: {},
      Next: step('prepare'),
    },
    [step('prepare')]: {
      Type: 'Task',
      ...prepare(site, variables),
      Assign: { [result]: jsonata(jsonataObject({ status: '"RUNNING"', attempts: `$${variables.launch}`, startTime: `$${variables.launched}` })) },
      Output: {},
      Next: end ? step('guard') : site.launched,
    },
    [step('why')]: why(context, resource, variables, step('abandon')),
    [step('abandon')]: terminate(context, resource, variables, step('launch again?'), { [variables.id]: '' }),
    [step('launch again?')]: {
      Type: 'Choice',
      Choices: [{ Condition: jsonata(`$${variables.launch} <= ${maximumRetries}`), Next: step('launch delay') }],
      Assign: { [result]: failed, ...site.failed.assign },
      Default: site.failed.next,
    },
    [step('launch delay')]: { Type: 'Wait', Seconds: retryDelay, Assign: { [variables.launch]: jsonata(`$${variables.launch} + 1`) }, Next: step('acquire') },
    ...(end ? { [step('guard')]: guard(context, resource, variables, end, site.launched) } : {}),
  };
}

/** A task that is nothing, tried until initTimeout is over. */
function prepare({ context, resource, step }: LaunchSite<Ec2Resource>, variables: ResourceVariables): Asl {
  const seconds = resource._launch.initTimeout.toSeconds();
  const nothing = { kind: 'shell', purpose: 'activity', command: 'true', scriptArguments: [], stage: false, inputs: [], outputs: [] } as const;
  const work = { kind: 'taskRunner', host: resource, task: nothing, reportProgressTimeout: resource._reportProgressTimeout ?? REPORT_PROGRESS_TIMEOUT } as const;
  const late = `${resource._launch.initTimeout.toHumanString()} after its launch`;
  const reason = `$states.errorOutput.Error = "${NOT_REGISTERED}" `
    + `? "it is not known to Systems Manager ${late}: it has no SSM Agent, or does not reach Systems Manager" `
    + `: $states.errorOutput.Error = "States.Timeout" ? "Task Runner has not answered ${late}: it could not be installed, or does not reach Step Functions" : ${CAUGHT_REASON}`;
  return {
    ...sentTask(context, resource, `$${variables.id}`, taskDocument(context, resource, work, `$${variables.launch}`)),
    TimeoutSeconds: jsonata(`$max([1, ${seconds} - $floor(($millis() - $toMillis($${variables.launched})) / 1000)])`),
    Retry: [
      { ErrorEquals: TIMEOUTS, MaxAttempts: 0 },
      { ErrorEquals: [NOT_REGISTERED], IntervalSeconds: CHECK_SECONDS, MaxAttempts: Math.ceil(seconds / CHECK_SECONDS), BackoffRate: 1 },
      TRANSIENT_RETRY,
    ],
    Catch: [{ ErrorEquals: ANY_ERROR, Assign: { [variables.error]: jsonata(reason) }, Next: step('why') }],
  };
}

/** An instance that has ended says why. */
function why(context: RunContext, resource: Ec2Resource, { id, error }: ResourceVariables, next: string): Asl {
  const { look, mayLook } = callsOf(resource);
  const message = '$states.result.Reservations[0].Instances[0].StateReason.Message';
  context.allow(...mayLook(context));
  return {
    Type: 'Task',
    Resource: context.resource(look.integration),
    Arguments: look.arguments(`$${id}`),
    Retry: [TRANSIENT_RETRY],
    Catch: [{ ErrorEquals: ANY_ERROR, Next: next }],
    Assign: { [error]: jsonata(`$exists(${message}) ? $substring(${message}, 0, ${REASON_LENGTH}) : $${error}`) },
    Output: {},
    Next: next,
  };
}

/** What only the run knows means nothing to the shell, or the launch fails. */
function userData({ texts }: RunContext, resource: Ec2Resource): string {
  const { userData: script } = resource._launch;
  const pieces = piecesOf(script);
  if (pieces.length === 1) return Buffer.from(script).toString('base64');
  return jsonata(`$base64encode(${composedOperand(texts, textPieces(resource, 'httpProxy', script, Standing.SHELL))})`);
}

/** The tags of the instance's own are known when the app's are: after `Tags.of` has been applied. */
function runInstances(context: RunContext, resource: Ec2Resource, variables: ResourceVariables): Asl | string {
  const { request, market, onDemandAtLast } = resource._launch;
  const { maximumRetries } = context.settings(resource._props);
  const tags = Object.entries({
    ...resource.tags.tagValues(),
    'Name': `${context.pipeline.pipelineName}/${resource.objectId}`,
    'datapipeline:pipeline': context.pipeline.pipelineName,
    'datapipeline:run': jsonata('$run'),
    'datapipeline:object': resource.objectId,
  }).map(([Key, Value]) => ({ Key, Value }));
  const fields: Asl = {
    ...textFields(context.texts, resource, request) as Asl,
    UserData: userData(context, resource),
    MinCount: 1,
    MaxCount: 1,
    ClientToken: jsonata(`$hash($states.context.Execution.Id & ${JSON.stringify(`/${resource.objectId}/`)} & $string($${variables.launch}), "SHA-256")`),
    InstanceInitiatedShutdownBehavior: 'terminate',
    TagSpecifications: ['instance', 'volume'].map((ResourceType) => ({ ResourceType, Tags: tags })),
  };
  if (!market) return fields;
  const spot = { InstanceMarketOptions: textFields(context.texts, resource, market, 'spotBidPrice') };
  if (!onDemandAtLast) return { ...fields, ...spot };
  return jsonata(`$merge([${operand(context.texts, fields)}, $${variables.launch} <= ${maximumRetries} ? ${operand(context.texts, spot)} : {}])`);
}
