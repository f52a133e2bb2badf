import { Code, objectOf, Props } from '../code';
import { TypeRules } from './rule';
import { existing, role, text } from './rules';

const instance = (name: string) => (props: Props): Code => ({ kind: 'new', name, args: props.length ? [objectOf(props)] : [] });

export const ACTIONS: Readonly<Record<string, TypeRules>> = {
  SnsAlarm: {
    kind: 'action',
    fields: {
      message: text('message'),
      role: role('role', 'the role of the run, which may publish to the topic'),
      subject: text('subject'),
      topicArn: existing('topic', 'Topic.fromTopicArn'),
    },
    required: ['topicArn'],
    value: instance('SnsAlarm'),
  },
  Terminate: { kind: 'action', fields: {}, value: instance('Terminate') },
};
