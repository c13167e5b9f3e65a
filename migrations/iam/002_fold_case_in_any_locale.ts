import type { TransactionSql } from "postgres";

/**
 * Makes logins and e-mail addresses unique without regard to the case of A to Z, whatever the database's locale:
 * a Turkish one folds `IRIS` to `ırıs`. `email_ascii` is the address with its domain in A-labels; the rows that
 * lack it hold ASCII addresses.
 *
 * The old indexes may have let in accounts that are one by this rule. None of them is changed or lost: the migration
 * fails and names them, so that their owners can be asked.
 */
export async function up(sql: TransactionSql): Promise<void> {
  await sql`lock table users in share row exclusive mode`;
  await sql`alter table users add column email_ascii text`;
  const clashes = await sql<{ field: string; accounts: string }[]>`
    select field, string_agg(format('%s (%s)', login, uuid), ', ' order by created_at, uuid) as accounts
    from (
      select 'login' as field, lower(login collate "C") as folded, login, uuid, created_at from users
      union all
      select 'e-mail', lower(email collate "C"), login, uuid, created_at from users
    ) as fields
    group by field, folded having count(*) > 1
    order by field, folded`;
  if (clashes.length > 0) {
    const list = clashes.map(({ field, accounts }) => `same ${field}: ${accounts}`).join("; ");
    throw new Error(`accounts differ in letter case only; change or remove all but one of each. ${list}`);
  }
  await sql`drop index users_login_key`;
  await sql`drop index users_email_key`;
  await sql`create unique index users_login_key on users (lower(login collate "C"))`;
  await sql`create unique index users_email_key on users (lower(coalesce(email_ascii, email) collate "C"))`;
}
