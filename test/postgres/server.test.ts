/** Choosing a server, and what is said when there is none. */
import { createServer, type AddressInfo } from 'node:net';
import { expect, inject, onTestFinished, test } from 'vitest';
import { EnvironmentError, UsageError } from '../../src/core/failures.ts';
import { noServer } from '../../src/postgres/connection.ts';
import { openSchema } from '../../src/postgres/schema.ts';
import { openServer, parsePostgresChoice } from '../../src/postgres/server.ts';
import { isTooOld } from '../../src/postgres/version.ts';
import { sharedServer } from './shared-server.ts';

test.each([
  ['embedded', { type: 'embedded' }],
  ['container', { type: 'container' }],
  ['postgres://me@host/db', { type: 'url', url: 'postgres://me@host/db' }],
  ['postgresql://me:pw@host:5433/db?sslmode=disable', undefined],
])('%s names a Postgres', (text, choice) => {
  expect(parsePostgresChoice(text)).toEqual(choice ?? { type: 'url', url: text });
});

test('a password that is not escaped is refused, and no part of it is shown', () => {
  const parse = () => parsePostgresChoice('postgres://me:p@ss:/w?#@host/db');
  expect(parse).toThrow('the password in the given URL has characters that end it');
  expect(parse).not.toThrow(/p@ss|\/w\?/);
});

test('a port that is no number is refused', () => {
  const parse = () => parsePostgresChoice('postgres://me:secret@host/db?port=abc');
  expect(parse).toThrow('the port in the given URL is no number');
});

test.each(['requrie', '', 'REQUIRE'])(
  "an sslmode '%s' is refused, and the message shows those that there are",
  (mode) => {
    const parse = () => parsePostgresChoice(`postgres://me:secret@host/db?sslmode=${mode}`);
    expect(parse).toThrow(UsageError);
    expect(parse).toThrow(`there is no sslmode '${mode}'; the modes are disable, prefer, require, verify-ca`);
  },
);

test.each(['', 'Embedded', 'docker', 'http://host/db', 'postgres', 'postgres:/host', 'mysql://me:secret@host/db'])(
  "'%s' names none, and the message shows what does",
  (text) => {
    expect(() => parsePostgresChoice(text)).toThrow(UsageError);
    expect(() => parsePostgresChoice(text)).toThrow('embedded, container, or the URL of a server');
    expect(() => parsePostgresChoice(text)).not.toThrow('me:secret@host/db');
  },
);

const open = (url: string) => openServer({ type: 'url', url });

/** The shared server's URL with something changed. */
function otherwise(change: (url: URL) => void): string {
  const url = new URL(inject('postgresUrl'));
  change(url);
  return url.href;
}

async function messageOf(opening: Promise<unknown>): Promise<string> {
  const error: unknown = await opening.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(EnvironmentError);
  return error instanceof Error ? error.message : '';
}

test('a server that is there tells its version', async () => {
  expect((await sharedServer()).version).toMatch(/^\d+(\.\d+)*$/);
});

test('nobody listens: host and port are named, the password never', async () => {
  const port = await unusedPort();
  const message = await messageOf(open(`postgres://me:sesame@127.0.0.1:${port}/db`));
  expect(message).toContain(`no usable Postgres at 127.0.0.1:${port}: connect ECONNREFUSED`);
  expect(message).toContain('--postgres embedded');
  expect(message).not.toContain('sesame');
});

function unusedPort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

test.each([
  ['a wrong password', (url: URL) => void (url.password = 'sesame'), 'password authentication failed'],
  ['a database that is not there', (url: URL) => void (url.pathname = '/nowhere'), 'database "nowhere" does not exist'],
  ['a host that is not there', (url: URL) => url.searchParams.set('host', 'nowhere.invalid'), 'nowhere.invalid'],
])('%s is named, the password never', async (_what, change, said) => {
  const url = otherwise(change);
  const message = await messageOf(open(url));
  expect(message).toContain(said);
  expect(message).not.toContain(new URL(url).password);
});

test('a password that is wanted and was not given is asked for', async () => {
  const message = await messageOf(open(otherwise((url) => void (url.password = ''))));
  expect(message).toMatch(
    /^the server at \S+ wants a password, and none was given: write it into the URL, for example postgres:\/\/\w+:secret@\S+, or set PGPASSWORD$/,
  );
});

// What the driver says where the server asks by SCRAM, as it does unless it is told otherwise.
test.each(['a string', 'a non-empty string'])('so it is where the driver says that the password must be %s', (what) => {
  const error = new Error(`SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be ${what}`);
  expect(noServer('postgres://me@db:5433/test?ssl=0', error).message).toBe(
    'the server at db:5433 wants a password, and none was given: write it into the URL, for example ' +
      'postgres://me:secret@db:5433/test, or set PGPASSWORD',
  );
});

test('a server that takes the connection and says nothing is named', () => {
  expect(noServer('postgres://me@db/test', new Error('timeout expired')).message).toContain(
    'no usable Postgres at db:5432: it did not answer within 10 s',
  );
});

test('a certificate that the URL names and nobody has is named', async () => {
  const message = await messageOf(open(otherwise((url) => url.searchParams.set('sslcert', '/nowhere.pem'))));
  expect(message).toContain("no such file or directory, open '/nowhere.pem'");
});

test('who may not make a schema is told what to grant', async () => {
  const schema = await openSchema(await sharedServer());
  const { name, control } = schema;
  await control.query(`CREATE ROLE ${name} LOGIN PASSWORD 'sesame'`);
  const url = otherwise((u) => {
    u.username = name;
    u.password = 'sesame';
  });
  const message = await messageOf(open(url).then(openSchema));
  expect(message).toContain('GRANT CREATE ON DATABASE');
  await control.query(`DROP ROLE ${name}`);
  await schema.close();
});

test.each([
  ['9.6.24', true],
  ['12.17', true],
  ['12', true],
  ['13.0', false],
  ['18.4', false],
  ['19beta1', false],
])('PostgreSQL %s is too old: %s', (version, tooOld) => {
  expect(isTooOld(version)).toBe(tooOld);
});

test('a server that is too old is refused, with the version that is needed', async () => {
  const url = await pretendServer('12.17 (Debian 12.17-1)');
  const message = await messageOf(open(url));
  expect(message).toBe(
    'the server is PostgreSQL 12.17, and Seatproof needs 13 or newer: give the URL of a newer one, or use --postgres embedded',
  );
  expect((await open(await pretendServer('13.22'))).version).toBe('13.22');
});

/** Lets everybody in, and answers every query with one row of one text. */
async function pretendServer(answer: string): Promise<string> {
  const text = Buffer.from(answer);
  const int16 = (value: number): Buffer => Buffer.from([value >> 8, value & 255]);
  const int32 = (value: number): Buffer => Buffer.concat([int16(value >>> 16), int16(value & 65_535)]);
  const message = (type: string, ...parts: readonly Buffer[]): Buffer => {
    const body = Buffer.concat(parts);
    return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
  };
  const ready = message('Z', Buffer.from('I'));
  const column = [Buffer.from('server_version\0'), int32(0), int16(0), int32(25), int16(65_535), int32(-1), int16(0)];
  const rows = Buffer.concat([
    message('T', int16(1), ...column),
    message('D', int16(1), int32(text.length), text),
    message('C', Buffer.from('SHOW\0')),
  ]);
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    // The first message has no type, and asks to be let in.
    socket.once('data', () => {
      socket.write(Buffer.concat([message('R', int32(0)), ready]));
      socket.on('data', (data) => {
        if (data.toString('latin1', 0, 1) === 'X') socket.end();
        else socket.write(Buffer.concat([rows, ready]));
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `postgres://me@127.0.0.1:${(server.address() as AddressInfo).port}/test`;
}
