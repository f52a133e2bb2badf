import { Json, TaskFailure, TaskHandler, TaskRequest } from '../task';
import { argumentsOf, asJson, text } from './fields';
import { optimizedFailure, optimizedResult } from './integration';

/** The parts of Lambda's context that need no Lambda. */
export interface LambdaContext {
  readonly functionName: string;
  readonly invokedFunctionArn: string;
  readonly awsRequestId: string;
}

export type LambdaFunction = (payload: Json, context: LambdaContext) => unknown;

/** Functions called in process. */
export class Lambda {
  private readonly functions = new Map<string, LambdaFunction>();
  private invocations = 0;

  /** Under its name, or its ARN without a qualifier; both find it. */
  public register(nameOrArn: string, handler: LambdaFunction): void {
    this.functions.set(nameOf(nameOrArn), handler);
  }

  public handlers(): Record<string, TaskHandler> {
    return { 'lambda:invoke': request => request.clock.busy(this.invoke(request)) };
  }

  private async invoke(request: TaskRequest): Promise<Json> {
    const args = argumentsOf(request);
    const target = text(args, 'FunctionName');
    const handler = this.functions.get(nameOf(target));
    if (!handler) {
      throw optimizedFailure('Lambda.ResourceNotFoundException', 'AWSLambda', 'ResourceNotFoundException', `Function not found: ${target}`, 404);
    }
    const context = {
      functionName: nameOf(target),
      invokedFunctionArn: target,
      awsRequestId: `00000000-0000-0000-0000-${String(++this.invocations).padStart(12, '0')}`,
    };
    return optimizedResult({ ExecutedVersion: '$LATEST', Payload: await called(handler, asJson(args.Payload ?? {}), context), StatusCode: 200 });
  }
}

async function called(handler: LambdaFunction, payload: Json, context: LambdaContext): Promise<Json> {
  try {
    return asJson(await handler(payload, context));
  } catch (thrown) {
    const { errorType, errorMessage, trace } = described(thrown);
    throw new TaskFailure(errorType, JSON.stringify({ errorType, errorMessage, trace }));
  }
}

/** As Lambda's Node runtime reports it. */
function described(thrown: unknown): { errorType: string; errorMessage: string; trace: string[] } {
  if (typeof thrown !== 'object' || thrown === null || !('message' in thrown)) {
    return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
  }
  const { name = 'Error', message, stack = '' } = thrown as Error;
  return { errorType: name, errorMessage: message, trace: stack.split('\n') };
}

/** `arn:aws:lambda:<region>:<account>:function:<name>[:<qualifier>]`, or the name itself. */
function nameOf(nameOrArn: string): string {
  return nameOrArn.startsWith('arn:') ? nameOrArn.split(':')[6] : nameOrArn.split(':')[0];
}
