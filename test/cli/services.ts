/** Services of users, as the text of design files. */

const POLICY = `const policy = adjust(recommended, {
  name: 'my-policy',
  onConflict: 'refuse',
  grace: { afterExpiry: '0s', afterTakeover: '0s' },
});
`;

/** A login in process, in one statement a request. It answers types alone, and has neither a status nor a sweep. */
export const PLAIN = `import { adjust, decide, design, recommended } from 'seatproof';
${POLICY}
export default design({
  name: 'plain',
  policy,
  serve: ({ store }) => {
    const carryOut = (command) =>
      store.update(command.scope, (seat, now) => {
        const own = command.type === 'start' ? command : { ...command, term: seat.term };
        const { seat: next, reply } = decide(seat, command.scope, own, policy, now);
        return { seat: next, result: { type: reply.type } };
      });
    return { start: carryOut, heartbeat: carryOut, end: carryOut };
  },
});
`;

const TABLES = `CREATE TABLE sessions (license text PRIMARY KEY, device text NOT NULL, session text NOT NULL,
      token text NOT NULL, beat timestamptz NOT NULL)`;

/** In SQL, with tokens of its own that each renewal replaces. */
export const TOKENS = `import { adjust, design, recommended, seconds } from 'seatproof';
${POLICY}
export default design({
  name: 'tokens',
  policy,
  sql: {
    tables: \`${TABLES}\`,
    service: ({ pool }) => ({
      start: async ({ scope: { license }, session, device }) => {
        const { rows } = await pool.query(
          \`INSERT INTO sessions VALUES ($1, $2, $3, md5($3), now()) ON CONFLICT (license) DO UPDATE
              SET device = $2, session = $3, beat = now(),
                  token = CASE WHEN sessions.session = $3 THEN sessions.token ELSE md5(sessions.token || $3) END
              WHERE sessions.device = $2 OR sessions.beat <= now() - interval '60 s' RETURNING token\`,
          [license, device, session],
        );
        if (rows[0] !== undefined) return { type: 'granted', credential: rows[0].token };
        const held = await pool.query(
          \`SELECT greatest(0, ceil(extract(epoch FROM beat + interval '60 s' - now())))::int AS wait
              FROM sessions WHERE license = $1\`,
          [license],
        );
        return { type: 'refused', retryAfter: seconds(held.rows[0]?.wait ?? 0) };
      },
      heartbeat: async ({ scope: { license }, credential }) => {
        const { rows } = await pool.query(
          \`UPDATE sessions SET beat = now(), token = md5(token || 'next')
              WHERE license = $1 AND token = $2 AND beat > now() - interval '60 s' RETURNING token\`,
          [license, credential],
        );
        return rows[0] === undefined ? { type: 'gone' } : { type: 'renewed', credential: rows[0].token };
      },
      end: async ({ scope: { license }, credential }) => {
        const { rowCount } = await pool.query('DELETE FROM sessions WHERE license = $1 AND token = $2', [
          license,
          credential,
        ]);
        return { type: rowCount === 1 ? 'ended' : 'gone' };
      },
    }),
  },
});
`;

/** In SQL: a start that looks for a holder and claims in a second statement. \`more\` are further fields of the design. */
export const checksFirst = (more = ''): string => `import { adjust, design, recommended } from 'seatproof';
${POLICY}
const LIVE = \`beat > now() - interval '60 s'\`;
export default design({
  name: 'checks-first',
  policy,
  ${more}
  sql: {
    tables: 'CREATE TABLE sessions (license text, session text, device text, beat timestamptz)',
    service: ({ pool }) => ({
      start: async ({ scope: { license }, session, device }) => {
        const { rows } = await pool.query(
          \`SELECT 1 FROM sessions WHERE license = $1 AND device <> $2 AND \${LIVE}\`,
          [license, device],
        );
        if (rows.length > 0) return { type: 'refused' };
        await pool.query('DELETE FROM sessions WHERE license = $1 AND device = $2', [license, device]);
        await pool.query('INSERT INTO sessions VALUES ($1, $2, $3, now())', [license, session, device]);
        return { type: 'granted' };
      },
      heartbeat: async ({ scope: { license }, session }) => {
        const { rowCount } = await pool.query(
          \`UPDATE sessions SET beat = now() WHERE license = $1 AND session = $2 AND \${LIVE}\`,
          [license, session],
        );
        return { type: rowCount === 1 ? 'renewed' : 'gone' };
      },
    }),
  },
});
`;

/** Scenarios for any design. */
export const OPEN_SCENARIOS = `import { at, device, granted, refused, renewed, scenario } from 'seatproof';
const cast = { bot: device('laptop'), rival: device('desktop') };
export default [
  scenario({
    title: 'a rival waits for the end',
    proves: ['P1'],
    cast,
    steps: ({ bot, rival }) => [
      at('0s', bot.starts(), granted()),
      at('1s', rival.starts(), refused('other-device', { retryAfter: '59s' })),
      at('2s', bot.ends()),
      at('3s', rival.starts(), granted()),
    ],
  }),
  scenario({
    title: 'the wait is announced',
    proves: ['P15'],
    cast,
    steps: ({ bot, rival }) => [
      at('0s', bot.starts()),
      at('1s', rival.starts(), refused('other-device', { retryAfter: '59s' })),
    ],
  }),
  scenario({
    title: 'a status is asked',
    cast,
    steps: ({ bot, rival }) => [at('0s', bot.starts(), granted()), at('1s', rival.asksStatus())],
  }),
];
`;
