import type { Postgres } from "@rocket/platform/postgres";

/** Counts the running queries whose text contains the word. */
export async function countRunning(pool: Postgres, word: string): Promise<number> {
  const [row] = await pool.query((sql) =>
    sql`
    select count(*)::int as count from pg_stat_activity
    where state = 'active' and pid <> pg_backend_pid() and query like ${`%${word}%`}`
  );
  return row?.["count"];
}
