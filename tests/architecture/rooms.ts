/** The services: each may be built from `proto` and `platform` alone. */
export const SERVICES: readonly string[] = [
  "iam",
  "inventory",
  "payment",
  "order",
  "assembly",
  "notification",
];

/** Workspace members: reached from elsewhere by `@rocket/<name>`. */
export const MEMBERS: readonly string[] = ["proto", "platform", "dev", "tests", ...SERVICES];

/** Every folder that may stand at the root. */
export const ROOMS: readonly string[] = [
  ...MEMBERS,
  "migrations",
  "docs",
  "deploy",
  ".ci",
  ".github",
];

/** The room a path lies in; `undefined` for files at the root. */
export function roomOf(path: string): string | undefined {
  return path.includes("/") ? path.slice(0, path.indexOf("/")) : undefined;
}

/** Whether a path is of a unit test. */
export function isTest(path: string): boolean {
  return path.endsWith("_test.ts");
}

/** Whether a path is of a test, of a suite, or of what is made for them. */
export function isForTests(path: string): boolean {
  return isTest(path) || roomOf(path) === "tests" || path.split("/").includes("testing");
}

/** Whether a file is written by a generator and so not by our habits. */
export function isGenerated(path: string): boolean {
  return path.startsWith("proto/gen/");
}
