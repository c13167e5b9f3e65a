import type { TransactionSql } from "postgres";

/**
 * What proves that mail to an account's address arrives. `users.email_verified_at` says when that was proved of the
 * present address. Code that does not know it would keep it when the address changes, so it is refused on this schema.
 */
export async function up(sql: TransactionSql): Promise<void> {
  await sql`alter table users add column email_verified_at timestamptz`;
  await sql`
    create table account_tokens (
      user_uuid uuid not null references users (uuid) on delete cascade,
      -- reset_password or verify_email: a user has one token of each at most.
      purpose text not null,
      -- SHA-256 of the token, which only the mail has.
      digest text not null unique,
      -- The address that the token was issued for, as users_email_key has it. With any other it is of no use.
      email text not null,
      expires_at timestamptz not null,
      primary key (user_uuid, purpose)
    )`;
  await sql`create index account_tokens_expires_at on account_tokens (expires_at)`;
  // Requests wait here, whether an account has the address or not, so that they all cost the same.
  await sql`
    create table password_reset_requests (
      id bigint generated always as identity primary key,
      email text not null,
      request_id text not null,
      address text not null,
      user_agent text not null
    )`;
}
