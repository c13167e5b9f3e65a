import type { Fragment, Sql } from "postgres";
import { insertEvent, type OutboxEvent } from "@rocket/platform/outbox";
import { brokenUniqueConstraint, type Postgres } from "@rocket/platform/postgres";
import { z } from "zod";
import { EmailTaken, LoginTaken } from "../model/failures.ts";
import type { Login } from "../model/login.ts";
import type { NotificationMethod } from "../model/notification_method.ts";
import type { Account, Registration } from "../model/user.ts";

/** An account and the hash of its password. */
export interface Credentials extends Account {
  /** When an operator disabled the account, if it is disabled. */
  readonly disabledAt: Date | undefined;
  /** PHC string. */
  readonly passwordHash: string;
}

/** What a login and its password are checked against. */
export interface LoginLookUp {
  /** `undefined` if no user has the login. */
  readonly credentials: Credentials | undefined;
  /** Argon2 costs of all stored hashes, each once, as in their PHC strings: `m=19456,t=2,p=1`. */
  readonly hashCosts: readonly string[];
}

/** The accounts in PostgreSQL. Every method throws `Unavailable` or `DeadlineExceeded` if it doesn't answer. */
export interface UserRepository {
  /** Adds a user. @throws {LoginTaken | EmailTaken} also if another registration wins the race. */
  add(
    userUuid: string,
    registration: Omit<Registration, "password">,
    passwordHash: string,
    event: OutboxEvent,
  ): Promise<void>;
  /** Finds a user by login, in any letter case. `undefined` runs the same query and finds no user. */
  lookUpLogin(login: Login | undefined): Promise<LoginLookUp>;
  find(userUuid: string): Promise<Account | undefined>;
  /** Finds what a password of the user is checked against. */
  findCredentials(userUuid: string): Promise<Credentials | undefined>;
  /** Finds the UUIDs of users by their logins in lower case; those that no user has are left out. */
  findUuids(logins: readonly Login[]): Promise<ReadonlyMap<string, string>>;
  /** Enables a disabled account again. @returns False if it has been deleted. */
  enable(userUuid: string, event: OutboxEvent): Promise<boolean>;
  /** Lists the UUIDs of users in order, after one of them. */
  listUuids(limit: number, after: string | undefined): Promise<readonly string[]>;
  /** Replaces `oldHash` with a new hash of the same password, unless it has been replaced already. */
  replaceHash(userUuid: string, oldHash: string, newHash: string): Promise<void>;
}

interface UserRow {
  readonly uuid: string;
  readonly login: string;
  readonly email: string;
  readonly email_verified_at: Date | null;
  readonly notification_methods: readonly NotificationMethod[];
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly session_generation: number;
}

interface CredentialsRow extends UserRow {
  readonly password_hash: string;
  readonly disabled_at: Date | null;
}

/** One row whatever the login, with nulls if no user has it. */
type LookUpRow =
  & { readonly hash_costs: readonly string[] | null }
  & ((UserRow & { readonly password_hash: string; readonly disabled_at: Date | null }) | {
    readonly uuid: null;
  });

/** Creates the user repository over IAM's database. */
export function createUserRepository(postgres: Postgres): UserRepository {
  return {
    async add(userUuid, { login, email, notificationMethods }, passwordHash, event) {
      try {
        await postgres.query((sql) =>
          sql`with added as (
                insert into users (uuid, login, email, email_ascii, password_hash, notification_methods)
                values (${userUuid}, ${login}, ${email.text}, ${email.ascii}, ${passwordHash},
                        ${sql.json(notificationMethods.map(toJson))})
                returning 1
              )
              ${insertEvent(sql, event, sql`from added`)}`
        );
      } catch (error) {
        const constraint = brokenUniqueConstraint(error);
        if (constraint === "users_login_key") throw new LoginTaken();
        if (constraint === "users_email_key") throw new EmailTaken();
        throw error;
      }
    },

    async lookUpLogin(login) {
      // The costs come from the same query, so that they include the cost of the user's own hash. Each step
      // of the recursion reads the next cost from the index: there are few of them among many users.
      const [row] = await postgres.query((sql) =>
        sql<LookUpRow[]>`
          with recursive costs as (
            select min(hash_cost) as cost from users
            union all
            select (select min(hash_cost) from users where hash_cost > cost) from costs where cost is not null
          )
          select (select json_agg(cost) from costs where cost is not null) as hash_costs,
            uuid, login, email, email_verified_at, notification_methods, created_at, updated_at,
            session_generation::float8, password_hash, disabled_at
          from (values (1)) as always
          left join users on lower(login collate "C") = lower(${login ?? null}::text collate "C")`
      );
      const found = row === undefined || row.uuid === null ? undefined : row;
      return {
        credentials: found && toCredentials(found),
        hashCosts: row?.hash_costs ?? [],
      };
    },

    async find(userUuid) {
      const [row] = await postgres.query((sql) =>
        sql<UserRow[]>`
          select uuid, login, email, email_verified_at, notification_methods, created_at, updated_at, session_generation::float8
          from users where uuid = ${userUuid}`
      );
      return row && toAccount(row);
    },

    async findCredentials(userUuid) {
      const [row] = await postgres.query((sql) =>
        sql<CredentialsRow[]>`
          select uuid, login, email, email_verified_at, notification_methods, created_at, updated_at,
            session_generation::float8, password_hash, disabled_at
          from users where uuid = ${userUuid}`
      );
      return row && toCredentials(row);
    },

    async findUuids(logins) {
      const rows = await postgres.query((sql) =>
        sql<{ login: string; uuid: string }[]>`
          select lower(login collate "C") as login, uuid from users
          where lower(login collate "C") = any (${logins.map((login) => login.toLowerCase())})`
      );
      return new Map(rows.map(({ login, uuid }) => [login, uuid]));
    },

    async enable(userUuid, event) {
      const enabled = await postgres.query((sql) =>
        sql`with enabled as (update users set disabled_at = null where uuid = ${userUuid} returning 1)
            ${insertEvent(sql, event, sql`from enabled`)}
            returning 1`
      );
      return enabled.length > 0;
    },

    async listUuids(limit, after) {
      const rows = await postgres.query((sql) =>
        sql<{ uuid: string }[]>`
          select uuid from users where ${after ?? null}::uuid is null or uuid > ${after ?? null}::uuid
          order by uuid limit ${limit}`
      );
      return rows.map(({ uuid }) => uuid);
    },

    async replaceHash(userUuid, oldHash, newHash) {
      await postgres.query((sql) =>
        sql`update users set password_hash = ${newHash} where uuid = ${userUuid} and password_hash = ${oldHash}`
      );
    },
  };
}

/** What all spellings of a user's e-mail address share, as the unique index has it: see `foldEmail`. */
export function foldedEmail(sql: Sql): Fragment {
  return sql`lower(coalesce(users.email_ascii, users.email) collate "C")`;
}

/** Converts a method to what the column `notification_methods` holds. */
export function toJson({ provider, target }: NotificationMethod): { provider: string; target: string } {
  return { provider, target };
}

/** Rejects the invalid dates that the driver returns for a text that it can't parse. */
const date = z.date();

function toCredentials(row: CredentialsRow): Credentials {
  return {
    ...toAccount(row),
    passwordHash: row.password_hash,
    disabledAt: row.disabled_at ?? undefined,
  };
}

function toAccount(row: UserRow): Account {
  const user = {
    uuid: row.uuid,
    login: row.login,
    email: row.email,
    emailVerifiedAt: row.email_verified_at === null ? undefined : date.parse(row.email_verified_at),
    notificationMethods: row.notification_methods,
    createdAt: date.parse(row.created_at),
    updatedAt: date.parse(row.updated_at),
  };
  return { user, generation: row.session_generation };
}
