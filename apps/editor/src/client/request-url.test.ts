import { expect, test } from 'vitest';
import { requestUrl } from './request-url.ts';

test('fills in the names of the path, escaped', () => {
  expect(requestUrl('/api/flows/:id/versions/:version', { id: 'flow_1', version: 'a/b c' })).toBe('/api/flows/flow_1/versions/a%2Fb%20c');
});

test('leaves out of the query what is not set', () => {
  expect(requestUrl('/api/runs', {}, { status: 'open', search: '', flow: undefined, limit: 20 })).toBe('/api/runs?status=open&limit=20');
});

test('escapes what the query says', () => {
  expect(requestUrl('/api/runs', {}, { search: 'a&b=ñ' })).toBe('/api/runs?search=a%26b%3D%C3%B1');
});
