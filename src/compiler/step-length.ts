/** How much of a step is known before it runs, and whether Amazon EMR takes it. */
import { isSplit, piecesOf, StepArgument } from './step-argument';
import { isText } from './text';
import { EmrStepWork, TaskArgument } from './work';
import { invalid } from '../errors';

/** Of the jar, the main class, the arguments and the properties of a step together: the documentation of AddJobFlowSteps. */
const MOST_CHARACTERS = 10_240;

/** Throws if a step is too long whatever values its expressions have. */
export function checkLength({ name, jar, mainClass = '', args, properties }: EmrStepWork): void {
  const named = Object.entries(properties).reduce((sum, [key, value]) => sum + key.length + knownLength(value), 0);
  const length = knownLength(jar) + mainClass.length + args.reduce((sum, each) => sum + argumentLength(each), 0) + named;
  if (length <= MOST_CHARACTERS) return;
  const { object, prop } = isSplit(jar) ? jar.split : jar;
  throw invalid(object, prop, `step "${name}" has at most ${MOST_CHARACTERS} characters in its jar, arguments and properties; got: at least ${length}, `
    + `${length - MOST_CHARACTERS} too many; give a script in Amazon S3 in place of text, or fewer arguments`);
}

function argumentLength(argument: StepArgument | TaskArgument): number {
  return 'task' in argument ? encodedLength(argument.task) : knownLength(argument);
}

/** Of a text, and of what is made of such, without what expressions and tokens will come to. */
function knownLength(value: StepArgument): number {
  return knownText(value).length;
}

function knownText(value: StepArgument): string {
  if (isSplit(value)) return value.part === 'first' ? '' : knownText(value.split);
  if ('pieces' in value) return value.pieces.map((piece) => typeof piece === 'string' ? piece : '').join('');
  return piecesOf(value.text).filter((_, index) => index % 2 === 0).join('');
}

/** A task is JSON in percent-encoding. */
function encodedLength(task: unknown): number {
  const json = JSON.stringify(task, (_, value: unknown) => isText(value) ? knownText(value) : value);
  return encodeURIComponent(json).length;
}
