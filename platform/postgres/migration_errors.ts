import { StartError } from "../core/start_error.ts";

/** A migration failed, or can't run; the database is as the one before left it. */
export class MigrationFailed extends StartError {
  constructor(readonly migration: string, why: string, options?: ErrorOptions) {
    super(`migration ${migration} failed: ${why}`, options);
    this.name = "MigrationFailed";
  }
}

/** The database can be reached, but its migrations can't be read or recorded, or a newer version has run others. */
export class CannotMigrate extends StartError {
  constructor(why: string, options?: ErrorOptions) {
    super(`can't migrate the database: ${why}`, options);
    this.name = "CannotMigrate";
  }
}
