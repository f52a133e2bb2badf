/** The time zones of a machine's expressions, which JSONata does not know: asked for once, before anything else happens. */
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ZonesRequest } from '../../contract/calendar';
import { DefinitionError } from '../../errors';
import { Asl, PATIENT_RETRY } from '../asl';
import { ZONES } from '../text';
import { RunContext } from './context';

/** Their tables must fit one answer. */
const MOST_ZONES = 8;

/** Where a machine starts: at `next`, or at the state of this name before it, which hands on its input. */
export function knowingZones(context: RunContext, name: string, next: string, more: Asl = {}): { start: string; states: Record<string, Asl> } {
  const { zones } = context.texts;
  if (zones.size === 0) return { start: next, states: {} };
  const { pipeline } = context;
  if (zones.size > MOST_ZONES) {
    throw new DefinitionError(pipeline.node.path, 'inTimeZone',
      `its runs know ${MOST_ZONES} time zones beside UTC at most; got: ${[...zones].join(', ')}; move some of its activities to another pipeline`);
  }
  const { functionArn } = pipeline._calendar;
  const request: ZonesRequest = { kind: 'zones', zones: [...zones] };
  context.allow(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [functionArn] }));
  const state: Asl = {
    Type: 'Task',
    Resource: context.resource('lambda:invoke'),
    Arguments: { FunctionName: functionArn, Payload: request },
    Retry: [PATIENT_RETRY],
    ...more,
    Assign: { [ZONES]: '{% $states.result.Payload %}' },
    Output: '{% $states.input %}',
    Next: next,
  };
  return { start: name, states: { [name]: state } };
}
