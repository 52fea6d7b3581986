import { expect, test } from 'vitest';
import { readFlowFile } from './read-flow-file.ts';

test('reads a flow file', () => {
  expect(readFlowFile('{"format":"holdfast.flow/1","name":"Hours","nodes":[],"edges":[]}', 'hours.flow.json')).toMatchObject({
    name: 'Hours',
    nodes: [],
  });
});

test('a text that is no JSON is refused by name', () => {
  expect(() => readFlowFile('hello', 'notes.txt')).toThrow(/notes\.txt.*no JSON/);
});

test('a file with something unexpected says where', () => {
  expect(() => readFlowFile('{"format":"holdfast.flow/1","name":"Hours","nodes":[{}],"edges":[]}', 'hours.json')).toThrow(/nodes\.0/);
});
