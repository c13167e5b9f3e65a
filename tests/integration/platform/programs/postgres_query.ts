import { createPostgres } from "@rocket/platform/postgres";

// Asks the Postgres of a URL whether the connection is encrypted, and prints the answer or why there is none.
await using postgres = createPostgres(Deno.args[0] ?? "");
const outcome = await postgres.query((sql) => sql`select ssl from pg_stat_ssl where pid = pg_backend_pid()`)
  .then(([row]) => row?.["ssl"] === true ? "encrypted" : "plain", (error) => `failed: ${error.name}`);
Deno.stdout.writeSync(new TextEncoder().encode(`${outcome}\n`));
