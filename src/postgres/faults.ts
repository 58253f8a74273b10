/** Faults of the store, made for real: the database itself fails the statements. */
import type { Client } from 'pg';
import type { StoreRefusal } from '../history/history.ts';

/** Where the seats are while their table is missing. */
export const HIDDEN_SEATS = 'seatproof_hidden_seats';

/** Changes from one fault to another; null is none. What is stored stays as it is. */
export async function changeFault(
  client: Client,
  schema: string,
  from: StoreRefusal | null,
  to: StoreRefusal | null,
): Promise<void> {
  if (from === to) return;
  if (from !== null) await client.query(END_OF[from](schema));
  if (to !== null) await client.query(BEGINNING_OF[to](schema));
}

const BEGINNING_OF: Record<StoreRefusal, (schema: string) => string> = {
  'table-missing': (schema) => `ALTER TABLE ${schema}.seats RENAME TO ${HIDDEN_SEATS}`,
  // For each row, because a statement that turns out to write nothing is a read.
  'writes-refused': (schema) => `
    CREATE OR REPLACE FUNCTION ${schema}.seatproof_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'writes to % are refused', TG_TABLE_NAME USING ERRCODE = 'disk_full';
    END $$;
    CREATE TRIGGER seatproof_refuse BEFORE INSERT OR UPDATE OR DELETE ON ${schema}.seats
      FOR EACH ROW EXECUTE FUNCTION ${schema}.seatproof_refuse()`,
};

const END_OF: Record<StoreRefusal, (schema: string) => string> = {
  'table-missing': (schema) => `ALTER TABLE ${schema}.${HIDDEN_SEATS} RENAME TO seats`,
  'writes-refused': (schema) => `DROP TRIGGER seatproof_refuse ON ${schema}.seats`,
};
