/** The services; each depends on `proto` and `platform` only. */
export const SERVICES: readonly string[] = [
  "iam",
  "inventory",
  "payment",
  "order",
  "assembly",
  "notification",
];

/** The workspace members, imported from elsewhere as `@rocket/<name>`. */
export const MEMBERS: readonly string[] = ["proto", "platform", "dev", "tests", ...SERVICES];

/** Every folder that is allowed at the root. */
export const TOP_LEVEL_FOLDERS: readonly string[] = [
  ...MEMBERS,
  "migrations",
  "docs",
  "deploy",
  ".ci",
  ".github",
];

/** The folder at the root that contains a path; `undefined` for files at the root. */
export function topLevelFolder(path: string): string | undefined {
  return path.includes("/") ? path.slice(0, path.indexOf("/")) : undefined;
}

/** Whether a file is a unit test. */
export function isUnitTest(path: string): boolean {
  return path.endsWith("_test.ts");
}

/** Whether a file is a test, or code that only tests use. */
export function isTestCode(path: string): boolean {
  return isUnitTest(path) || topLevelFolder(path) === "tests" || path.split("/").includes("testing");
}

/** Whether a file is generated, so that rules on hand-written code do not apply. */
export function isGenerated(path: string): boolean {
  return path.startsWith("proto/gen/");
}
