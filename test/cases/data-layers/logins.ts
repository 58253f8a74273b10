/**
 * One login through seven data layers: one that checks the seat and then takes it, and one that does both at once. The row of
 * the license exists; a seat is free while it has no device.
 */
import { drizzle } from 'drizzle-orm/node-postgres';
import { and, eq, isNull } from 'drizzle-orm';
import { pgTable, text } from 'drizzle-orm/pg-core';
import knex from 'knex';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import pgPromise from 'pg-promise';
import postgres from 'postgres';
import { DataTypes, Sequelize } from 'sequelize';
import { DataSource, EntitySchema, IsNull } from 'typeorm';

/** Whether the device has the seat now. */
type Login = (license: string, device: string) => Promise<boolean>;

export interface DataLayer {
  readonly naive: Login;
  readonly right: Login;
  readonly close: () => Promise<unknown>;
}

export const TABLES = `CREATE TABLE seats (license text PRIMARY KEY, device text);
  INSERT INTO seats VALUES ('L1', NULL)`;

interface Seat {
  license: string;
  device: string | null;
}

/** By the name of the package: opens connections to the database of a URL, as an application does once. */
export const DATA_LAYERS: Readonly<Record<string, (url: string) => DataLayer>> = {
  knex: (url) => {
    const db = knex({ client: 'pg', connection: url, pool: { min: 0, max: 4 } });
    return {
      naive: async (license, device) => {
        const seat = await db<Seat>('seats').where({ license }).first();
        if (seat?.device !== null) return false;
        await db<Seat>('seats').where({ license }).update({ device });
        return true;
      },
      right: async (license, device) =>
        (await db<Seat>('seats').where({ license }).whereNull('device').update({ device })) === 1,
      close: () => db.destroy(),
    };
  },

  kysely: (url) => {
    const dialect = new PostgresDialect({ pool: new pg.Pool({ connectionString: url }) });
    const db = new Kysely<{ seats: Seat }>({ dialect });
    return {
      naive: async (license, device) => {
        const seat = await db.selectFrom('seats').select('device').where('license', '=', license).executeTakeFirst();
        if (seat?.device !== null) return false;
        await db.updateTable('seats').set({ device }).where('license', '=', license).execute();
        return true;
      },
      right: async (license, device) => {
        const claim = db
          .updateTable('seats')
          .set({ device })
          .where('license', '=', license)
          .where('device', 'is', null);
        return (await claim.executeTakeFirst()).numUpdatedRows === 1n;
      },
      close: () => db.destroy(),
    };
  },

  'drizzle-orm': (url) => {
    const pool = new pg.Pool({ connectionString: url });
    const db = drizzle(pool);
    const seats = pgTable('seats', { license: text().primaryKey(), device: text() });
    return {
      naive: async (license, device) => {
        const [seat] = await db.select().from(seats).where(eq(seats.license, license));
        if (seat?.device !== null) return false;
        await db.update(seats).set({ device }).where(eq(seats.license, license));
        return true;
      },
      right: async (license, device) => {
        const isFree = and(eq(seats.license, license), isNull(seats.device));
        return (await db.update(seats).set({ device }).where(isFree).returning()).length === 1;
      },
      close: () => pool.end(),
    };
  },

  typeorm: (url) => {
    const seats = new EntitySchema<Seat>({
      name: 'seats',
      columns: { license: { type: 'text', primary: true }, device: { type: 'text', nullable: true } },
    });
    const source = new DataSource({ type: 'postgres', url, entities: [seats] });
    const opened = source.initialize();
    return {
      naive: async (license, device) => {
        const repository = (await opened).getRepository(seats);
        const seat = await repository.findOneBy({ license });
        if (seat?.device !== null) return false;
        await repository.save({ ...seat, device });
        return true;
      },
      right: async (license, device) => {
        const { affected } = await (
          await opened
        )
          .getRepository(seats)
          .update({ license, device: IsNull() }, { device });
        return affected === 1;
      },
      close: async () => (await opened).destroy(),
    };
  },

  sequelize: (url) => {
    const db = new Sequelize(url, { logging: false });
    const seats = db.define(
      'seats',
      { license: { type: DataTypes.TEXT, primaryKey: true }, device: DataTypes.TEXT },
      { timestamps: false },
    );
    return {
      naive: async (license, device) => {
        const seat = await seats.findByPk(license);
        if (seat?.get('device') !== null) return false;
        await seat.update({ device });
        return true;
      },
      right: (license, device) =>
        db.transaction(async (transaction) => {
          const seat = await seats.findByPk(license, { transaction, lock: transaction.LOCK.UPDATE });
          if (seat?.get('device') !== null) return false;
          await seat.update({ device }, { transaction });
          return true;
        }),
      close: () => db.close(),
    };
  },

  'pg-promise': (url) => {
    const db = pgPromise({ noWarnings: true })(url);
    return {
      naive: async (license, device) => {
        const seat = await db.one<Seat>('SELECT device FROM seats WHERE license = $1', [license]);
        if (seat.device !== null) return false;
        await db.none('UPDATE seats SET device = $2 WHERE license = $1', [license, device]);
        return true;
      },
      right: async (license, device) => {
        const claim = 'UPDATE seats SET device = $2 WHERE license = $1 AND device IS NULL';
        return (await db.result(claim, [license, device])).rowCount === 1;
      },
      close: () => db.$pool.end(),
    };
  },

  postgres: (url) => {
    const sql = postgres(url, { max: 4 });
    return {
      naive: async (license, device) => {
        const [seat] = await sql<Seat[]>`SELECT device FROM seats WHERE license = ${license}`;
        if (seat?.device !== null) return false;
        await sql`UPDATE seats SET device = ${device} WHERE license = ${license}`;
        return true;
      },
      right: async (license, device) =>
        (await sql`UPDATE seats SET device = ${device} WHERE license = ${license} AND device IS NULL`).count === 1,
      close: () => sql.end({ timeout: 0 }),
    };
  },
};
