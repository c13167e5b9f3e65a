import type { TransactionSql } from "postgres";

/** Accounts. Logins and e-mail addresses are stored as written and unique regardless of case. */
export async function up(sql: TransactionSql): Promise<void> {
  await sql`
    create table users (
      uuid uuid primary key,
      login text not null,
      email text not null,
      password_hash text not null,
      notification_methods jsonb not null,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    )`;
  await sql`create unique index users_login_key on users (lower(login))`;
  await sql`create unique index users_email_key on users (lower(email))`;
}
