/** Which credential a client presents with a heartbeat: the latest of its session and term. */
import { expect, it } from 'vitest';
import type { ClientRequest } from '../../src/core/command.ts';
import { Credentials } from '../../src/service/credentials.ts';

const scope = { license: 'L1', symbol: '' };
const start: ClientRequest = { type: 'start', scope, session: 'a', device: 'D', takeOver: null };
const heartbeat = (term: number | null): ClientRequest => ({ type: 'heartbeat', scope, session: 'a', term });

const presented = (credentials: Credentials, term: number | null): string | undefined => {
  const command = credentials.address(heartbeat(term), 'D');
  return 'credential' in command ? command.credential : undefined;
};

it('presents the credential of its own term where a start that was sent again was granted another one', () => {
  const credentials = new Credentials();
  credentials.learn(start, { type: 'granted', term: 1, credential: 'one' });
  credentials.learn(start, { type: 'granted', term: 2, credential: 'two' });
  expect([presented(credentials, 1), presented(credentials, 2)]).toEqual(['one', 'two']);
});

it('presents what a renewal returned in its place, whether or not the renewal tells a term', () => {
  const credentials = new Credentials();
  credentials.learn(start, { type: 'granted', term: 1, credential: 'one' });
  credentials.learn(heartbeat(1), { type: 'renewed', credential: 'rotated' });
  expect(presented(credentials, 1)).toBe('rotated');
});

it('presents the latest credential where the service returns no term', () => {
  const credentials = new Credentials();
  expect(presented(credentials, null)).toBeUndefined();
  credentials.learn(start, { type: 'granted', credential: 'one' });
  credentials.learn(heartbeat(null), { type: 'renewed', credential: 'rotated' });
  expect(presented(credentials, null)).toBe('rotated');
});
