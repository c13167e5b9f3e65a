import type { TransactionSql } from "postgres";

/**
 * Keeps the Argon2 cost of each password hash where an index can list the costs in use: a refused login
 * computes one hash of each, so that its time does not depend on whose login it is. Null for a text that is
 * not an Argon2 hash.
 */
export async function up(sql: TransactionSql): Promise<void> {
  await sql`
    alter table users add column hash_cost text collate "C"
      generated always as (substring(password_hash from
        '^[$]argon2[a-z]+(?:[$]v=[0-9]+)?[$](m=[0-9]+,t=[0-9]+,p=[0-9]+)[$]'))
      stored`;
  await sql`create index users_hash_cost on users (hash_cost)`;
}
