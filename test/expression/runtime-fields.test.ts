/** Every runtime field of every type of AWS Data Pipeline: it has a value where one can be known, or is refused with a reason. */
import { PipelineObject } from '../../src';
import { outcomeNames } from '../../src/compiler/render/action';
import { RunContext } from '../../src/compiler/render/context';
import { checkText, TextRenderer } from '../../src/compiler/text';
import { pipeline, shell } from '../compiler/fixture';
import documented from '../ledger/data-pipeline-fields.json';

const object: PipelineObject = shell(pipeline(), 'Work');
const names = outcomeNames(new RunContext(object.pipeline._runs, (_, id) => id), object);
/** Of the guide, in other pages than those of the types. */
const ELSEWHERE = ['@resourceStatus', '@firstActivationTime', '@sphere', '@error'];
const FIELDS = Object.entries(documented).flatMap(([type, groups]) => (
  'runtime' in groups ? Object.keys(groups.runtime).filter((field) => field !== 'node').map((field) => [type, field]) : []
));
const refusal = (read: () => unknown): string => {
  try {
    read();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};
const KNOWN = ['@scheduledStartTime', '@scheduledEndTime', '@actualStartTime', '@latestRunTime', '@nextRunTime'];
const OUTCOME = [
  ...KNOWN, '@actualEndTime', '@cascadeFailedOn', '@failureReason', '@finishedTime', '@healthStatus', '@healthStatusUpdatedTime', '@status',
  '@waitingOn', 'cancellationReason', 'errorMessage',
];

test('there are all of them', () => expect(FIELDS.length).toBeGreaterThan(520));

test.each([...new Set([...FIELDS.map(([, field]) => field), ...ELSEWHERE])])("an object's own %s", (field) => {
  const problem = refusal(() => checkText(object, 'command', `#{${field}}`));
  if (KNOWN.includes(field)) expect(problem).toBe('');
  else expect(problem).toMatch(new RegExp(`^Stack/P/Work: command: '${field}' (is|was|lies|counted|changes) .*; .* \\(column 3\\) in `));
});

test.each([...new Set([...FIELDS.map(([, field]) => field), ...ELSEWHERE])])('node.%s of an action', (field) => {
  const text = { object, prop: 'onFail', text: `#{node.${field}}` };
  if (OUTCOME.includes(field)) expect(new TextRenderer().field(text, names)).toMatch(/^\{% .* %\}$/);
  else expect(refusal(() => checkText(object, 'onFail', text.text, names))).toMatch(new RegExp(`^Stack/P/Work: onFail: 'node.${field}' (is|was|lies|counted|changes) .*; `));
});
