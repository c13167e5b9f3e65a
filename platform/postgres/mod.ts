/**
 * The PostgreSQL client and the migrator.
 *
 * @module
 */
export { brokenCheckConstraint, brokenUniqueConstraint } from "./failure.ts";
export { CannotMigrate, migrate, type MigrateOptions, MigrationFailed } from "./migrator.ts";
export { createPostgres, type Postgres, type PostgresOptions } from "./postgres.ts";
