import { Caller } from './tasks';
import { Sns } from '../../simulator/services/sns';

const TopicArn = 'arn:aws:sns:us-east-1:123456789012:alarms';

function published() {
  const sns = new Sns([TopicArn]);
  return { sns, caller: new Caller(sns.handlers()) };
}

test('keeps what is published, and when', async () => {
  const { sns, caller } = published();
  const now = caller.clock.now();
  const answer = await caller.call('sns:publish', { TopicArn, Subject: 'Late', Message: 'Extract is late' });
  expect(answer).toMatchObject({ MessageId: '00000000-0000-0000-0000-000000000001', SdkHttpMetadata: { HttpStatusCode: 200 } });
  expect(await caller.call('aws-sdk:sns:publish', { TopicArn, Message: 'x' })).toEqual({ MessageId: '00000000-0000-0000-0000-000000000002' });
  expect(sns.messages).toMatchObject([{ topicArn: TopicArn, subject: 'Late', message: 'Extract is late', publishedAt: now }, { message: 'x' }]);
});

test('the optimized integration takes JSON for a message, the SDK one does not', async () => {
  const { sns, caller } = published();
  await caller.call('sns:publish', { TopicArn, Message: { a: 1 } });
  expect(sns.messages[0].message).toBe('{"a":1}');
  await expect(caller.call('aws-sdk:sns:publish', { TopicArn, Message: { a: 1 } })).rejects.toMatchObject({ error: 'States.Runtime' });
});

test.each([
  ['InvalidParameter', 'Invalid parameter: Subject', { Subject: 'two\nlines' }],
  ['InvalidParameter', 'Invalid parameter: Subject', { Subject: 'x'.repeat(101) }],
  ['InvalidParameter', 'Invalid parameter: Subject', { Subject: '' }],
  ['InvalidParameter', 'Invalid parameter: Empty message', { Message: '' }],
  ['InvalidParameter', 'Invalid parameter: Message too long', { Message: 'x'.repeat(256 * 1024 + 1) }],
  ['NotFound', 'Topic does not exist', { TopicArn: `${TopicArn}x` }],
])('%s (%s) keeps nothing', async (code, message, args) => {
  const { sns, caller } = published();
  const whole = { TopicArn, Message: 'text', ...args };
  const cause = expect.stringContaining(message);
  await expect(caller.call('sns:publish', whole)).rejects.toMatchObject({ error: `SNS.${code}Exception`, cause });
  await expect(caller.call('aws-sdk:sns:publish', whole)).rejects.toMatchObject({ error: `Sns.${code}Exception`, cause });
  expect(sns.messages).toEqual([]);
});

test('a subject may have 100 characters', async () => {
  const { sns, caller } = published();
  await caller.call('sns:publish', { TopicArn, Subject: 'x'.repeat(100), Message: 'text' });
  expect(sns.messages).toHaveLength(1);
});
