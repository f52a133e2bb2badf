import { App, Stack } from 'aws-cdk-lib';
import { plansOf } from '../../cli/assembly';
import { planText } from '../../cli/plan-text';
import { S3KeyExistsPrecondition } from '../../src';
import { folder, pipeline, shell } from '../compiler/fixture';

/** An N after a first activity, and a tail in one of its chains. */
function assembly(): string {
  const app = new App();
  const p = pipeline({}, new Stack(app, 'Shop'));
  const first = shell(p, 'First', { preconditions: [new S3KeyExistsPrecondition(p, 'Arrived', { s3Key: 's3://data/there' })] });
  const [a, b] = ['A', 'B'].map((id) => shell(p, id, { dependsOn: [first] }));
  const c = shell(p, 'C', { dependsOn: [a] });
  const d = shell(p, 'D', { dependsOn: [a, b], output: [folder(p, 'Out')] });
  shell(p, 'E', { dependsOn: [d] });
  shell(p, 'F', { dependsOn: [c] });
  const other = pipeline({ pipelineName: 'lone' }, new Stack(app, 'Lone'));
  shell(other, 'Only');
  return app.synth().directory;
}

let outdir: string;

beforeAll(() => {
  outdir = assembly();
});

test('the plan of a pipeline is drawn as a tree, with its latches', () => {
  expect(plansOf(outdir, { stack: 'Shop' }).map(planText)).toEqual([[
    'p: 7 units, 1 latch',
    '└─ one after the other',
    '   ├─ First on Hosts, if Arrived',
    '   └─ chains side by side, with latches',
    '      ├─ chain 1',
    '      │  ├─ A on Hosts, opens latch 1',
    '      │  └─ one after the other',
    '      │     ├─ C on Hosts',
    '      │     └─ F on Hosts',
    '      └─ chain 2',
    '         ├─ B on Hosts',
    '         └─ after latch 1: one after the other',
    '            ├─ D on Hosts',
    '            └─ E on Hosts',
  ].join('\n')]);
});

test('one activity is one line', () => {
  expect(plansOf(outdir, { stack: 'Lone', pipeline: 'lone' }).map(planText)).toEqual(['lone: 1 unit, 0 latches\n└─ Only on Hosts']);
});

test.each([
  [{}, /one stack is wanted; there are Shop, Lone/],
  [{ stack: 'Nowhere' }, /one stack 'Nowhere' is wanted; there are Shop, Lone/],
  [{ stack: 'Shop', pipeline: 'q' }, /there is no pipeline 'q' in this stack; its pipelines: p/],
])('%j: says what there is', (selection, message) => {
  expect(() => plansOf(outdir, selection)).toThrow(message);
});

test('a folder that cdk synth has not written is named', () => {
  expect(() => plansOf('/nowhere', {})).toThrow('/nowhere: is not a folder that `cdk synth` has written: it has no manifest.json');
});
