import { insertEvent, type OutboxEvent } from "@rocket/platform/outbox";
import type { Postgres } from "@rocket/platform/postgres";
import { foldedEmail } from "./users.ts";

/** That someone has forgotten the password of the account with an e-mail address. */
export interface ResetRequest {
  /** As `foldEmail` returns it. */
  readonly email: string;
  readonly requestId: string;
  /** The client's IP address; empty if it is not known. */
  readonly address: string;
  readonly userAgent: string;
}

/** A request that waits, and whose account it is about. */
export interface WaitingResetRequest extends ResetRequest {
  readonly id: string;
  /** `undefined` if no account has the address, or if it is disabled. */
  readonly userUuid: string | undefined;
}

/**
 * Requests for a password reset, which wait until a worker looks their accounts up: a request must not cost more, or less,
 * because an account has the address (OWASP ASVS 6.3.8). Every method throws `Unavailable` or `DeadlineExceeded` if
 * PostgreSQL does not answer.
 */
export interface ResetRequestRepository {
  add(request: ResetRequest): Promise<void>;
  /** Finds those that wait, the oldest first. */
  find(limit: number): Promise<readonly WaitingResetRequest[]>;
  /** Publishes one, which then waits no longer. @returns False if another replica did that. */
  publish(id: string, event: OutboxEvent): Promise<boolean>;
  /** Deletes those that are of no account. */
  drop(ids: readonly string[]): Promise<void>;
}

interface WaitingRow {
  readonly id: string;
  readonly email: string;
  readonly request_id: string;
  readonly address: string;
  readonly user_agent: string;
  readonly user_uuid: string | null;
}

/** Creates the repository of requests over IAM's database. */
export function createResetRequestRepository(postgres: Postgres): ResetRequestRepository {
  return {
    async add({ email, requestId, address, userAgent }) {
      await postgres.query((sql) =>
        sql`insert into password_reset_requests (email, request_id, address, user_agent)
            values (${email}, ${requestId}, ${address}, ${userAgent})`
      );
    },

    async find(limit) {
      const rows = await postgres.query((sql) =>
        sql<WaitingRow[]>`
          select requests.*, users.uuid as user_uuid
          from (select * from password_reset_requests order by id limit ${limit}) as requests
          left join users on ${foldedEmail(sql)} = requests.email and disabled_at is null
          order by id`
      );
      return rows.map(({ id, email, request_id, address, user_agent, user_uuid }) => ({
        id,
        email,
        requestId: request_id,
        address,
        userAgent: user_agent,
        userUuid: user_uuid ?? undefined,
      }));
    },

    async publish(id, event) {
      const published = await postgres.query((sql) =>
        sql`with taken as (delete from password_reset_requests where id = ${id} returning 1)
            ${insertEvent(sql, event, sql`from taken`)}
            returning 1`
      );
      return published.length > 0;
    },

    async drop(ids) {
      await postgres.query((sql) => sql`delete from password_reset_requests where id = any (${[...ids]})`);
    },
  };
}
