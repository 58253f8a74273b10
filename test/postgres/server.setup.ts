/** One Postgres for all test files: the embedded one, or the one that SEATPROOF_POSTGRES names as --postgres would. */
import type { TestProject } from 'vitest/node';
import { openServer, parsePostgresChoice } from '../../src/postgres/server.ts';

export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const image = process.env['SEATPROOF_CONTAINER_IMAGE'];
  const choice = parsePostgresChoice(process.env['SEATPROOF_POSTGRES'] ?? 'embedded');
  const server = await openServer(choice, image === undefined ? {} : { image });
  provide('postgresUrl', server.url);
  provide('postgresRunsHere', server.runsHere);
  return () => server.close();
}
