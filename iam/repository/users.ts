import { brokenUniqueConstraint, type Postgres } from "@rocket/platform/postgres";
import { EmailTaken, LoginTaken } from "../model/failures.ts";
import type { Login } from "../model/login.ts";
import type { NotificationMethod } from "../model/notification_method.ts";
import type { Registration, User } from "../model/user.ts";

/** A user and the hash their password is checked against. */
export interface Credentials {
  readonly user: User;
  /** PHC string. */
  readonly passwordHash: string;
}

/** The accounts, in PostgreSQL. Every method throws `Unavailable` or `DeadlineExceeded` where it does not answer. */
export interface UserRepository {
  /**
   * Adds a user.
   *
   * @returns The new user's UUID.
   * @throws {LoginTaken | EmailTaken} also when another registration wins the race.
   */
  add(registration: Omit<Registration, "password">, passwordHash: string): Promise<string>;
  /** Finds a user by login, in any letter case. `undefined` costs the same query and finds no one. */
  findCredentials(login: Login | undefined): Promise<Credentials | undefined>;
  find(userUuid: string): Promise<User | undefined>;
  /** Puts a new hash of the same password in the place of `oldHash`, unless that has been replaced since. */
  replaceHash(userUuid: string, oldHash: string, newHash: string): Promise<void>;
}

interface UserRow {
  readonly uuid: string;
  readonly login: string;
  readonly email: string;
  readonly notification_methods: readonly NotificationMethod[];
  readonly created_at: Date;
  readonly updated_at: Date;
}

/** Creates the repository over IAM's database. */
export function createUserRepository(postgres: Postgres): UserRepository {
  return {
    async add({ login, email, notificationMethods }, passwordHash) {
      const uuid = crypto.randomUUID();
      try {
        await postgres.query((sql) =>
          sql`insert into users (uuid, login, email, email_ascii, password_hash, notification_methods)
              values (${uuid}, ${login}, ${email.text}, ${email.ascii}, ${passwordHash},
                      ${sql.json(notificationMethods.map(toJson))})`
        );
        return uuid;
      } catch (error) {
        const constraint = brokenUniqueConstraint(error);
        if (constraint === "users_login_key") throw new LoginTaken();
        if (constraint === "users_email_key") throw new EmailTaken();
        throw error;
      }
    },

    async findCredentials(login) {
      const [row] = await postgres.query((sql) =>
        sql<(UserRow & { readonly password_hash: string })[]>`
          select uuid, login, email, notification_methods, created_at, updated_at, password_hash
          from users where lower(login collate "C") = lower(${login ?? null}::text collate "C")`
      );
      return row === undefined ? undefined : { user: toUser(row), passwordHash: row.password_hash };
    },

    async find(userUuid) {
      const [row] = await postgres.query((sql) =>
        sql<UserRow[]>`
          select uuid, login, email, notification_methods, created_at, updated_at
          from users where uuid = ${userUuid}`
      );
      return row === undefined ? undefined : toUser(row);
    },

    async replaceHash(userUuid, oldHash, newHash) {
      await postgres.query((sql) =>
        sql`update users set password_hash = ${newHash} where uuid = ${userUuid} and password_hash = ${oldHash}`
      );
    },
  };
}

function toJson({ provider, target }: NotificationMethod): { provider: string; target: string } {
  return { provider, target };
}

function toUser(row: UserRow): User {
  return {
    uuid: row.uuid,
    login: row.login,
    email: row.email,
    notificationMethods: row.notification_methods,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
