import type { TransactionSql } from "postgres";

/**
 * Makes logins and e-mail addresses unique without regard to the case of A to Z, whatever the database's
 * locale: a Turkish one folds `IRIS` to `ırıs`. `email_ascii` is the address with its domain in A-labels; the
 * rows that lack it hold ASCII addresses.
 *
 * The old indexes may have admitted accounts that clash under this rule. The migration changes none of them: it
 * fails and names them, so that an operator can ask their owners.
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
    throw new Error(
      `these accounts differ in letter case only; rename or remove all but one of each group: ${list}`,
    );
  }
  await sql`drop index users_login_key`;
  await sql`drop index users_email_key`;
  await sql`create unique index users_login_key on users (lower(login collate "C"))`;
  await sql`create unique index users_email_key on users (lower(coalesce(email_ascii, email) collate "C"))`;
}
