/**
 * The PostgreSQL client and the migrator.
 *
 * @module
 */
export { brokenCheckConstraint, brokenUniqueConstraint } from "./failure.ts";
export { listen, type ListenOptions } from "./listener.ts";
export { CannotMigrate, MigrationFailed } from "./migration_errors.ts";
export { migrate, type MigrateOptions } from "./migrator.ts";
export { createPostgres, type Postgres, type PostgresOptions } from "./postgres.ts";
