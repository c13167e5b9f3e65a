import type { Postgres } from "@rocket/platform/postgres";
import type { Fragment, Sql } from "postgres";
import type { Part, PartFacts } from "../model/part.ts";
import type { PartsFilter } from "../model/parts_filter.ts";
import { toPart, toRow } from "./part_row.ts";

/** The parts, in PostgreSQL. Every method throws `Unavailable` or `DeadlineExceeded` if it does not answer. */
export interface PartRepository {
  find(uuid: string): Promise<Part | undefined>;
  /** Finds the parts that match, sorted by name (by code points) and then by UUID. */
  list(filter: PartsFilter): Promise<readonly Part[]>;
  /**
   * Adds the parts that do not exist yet, and leaves the others unchanged.
   *
   * @returns The number of parts added.
   */
  addMissing(parts: readonly PartFacts[]): Promise<number>;
}

/** Creates the repository on inventory's database. */
export function createPartRepository(postgres: Postgres): PartRepository {
  return {
    async find(uuid) {
      const [row] = await postgres.query((sql) => sql`${selectParts(sql)} where uuid = ${uuid}`);
      return row === undefined ? undefined : toPart(row);
    },

    async list(filter) {
      const rows = await postgres.query((sql) =>
        sql`${selectParts(sql)} where ${conditions(sql, filter)} order by name, uuid`
      );
      return rows.map(toPart);
    },

    async addMissing(parts) {
      const added = await postgres.query((sql) =>
        sql`insert into parts ${sql(parts.map((part) => toRow(sql, part)))}
            on conflict (uuid) do nothing returning uuid`
      );
      return added.length;
    },
  };
}

function selectParts(sql: Sql): Fragment {
  return sql`
    select uuid, name, description, price, stock_quantity, category, dimensions, manufacturer, tags, metadata,
      created_at, updated_at
    from parts`;
}

/** Only fields that are not empty become conditions, so that each can use its index. Values are bound parameters. */
function conditions(sql: Sql, filter: PartsFilter): Fragment[] {
  const { uuids, names, categories, manufacturerCountries, tags } = filter;
  return [
    sql`true`,
    ...(uuids.length > 0 ? [sql`and uuid = any(${[...uuids]}::uuid[])`] : []),
    ...(names.length > 0 ? [sql`and name = any(${storable(names)}::text[])`] : []),
    ...(categories.length > 0 ? [sql`and category = any(${[...categories]}::text[])`] : []),
    ...(manufacturerCountries.length > 0
      ? [sql`and manufacturer ->> 'country' = any(${storable(manufacturerCountries)}::text[])`]
      : []),
    ...(tags.length > 0 ? [sql`and tags && ${storable(tags)}::text[]`] : []),
  ];
}

/** PostgreSQL can't store U+0000 and rejects it in queries. No part can have such a text, so none matches. */
function storable(texts: readonly string[]): string[] {
  return texts.filter((text) => !text.includes("\u0000"));
}
