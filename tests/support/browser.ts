import type { Browser, Page } from "playwright-core";
import { findProgram } from "./find_program.ts";

/** The names of Chromium: in Debian, in Ubuntu, and Google's own. */
const NAMES = ["chromium", "chromium-browser", "google-chrome"];

/** What Playwright does not already pass itself; Chromium keeps from the network but for what a page loads. */
const FLAGS = ["--disable-gpu", "--disable-quic", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"];

/** The path of Chromium on this machine; `undefined` if it has none. */
export function findChromium(): Promise<string | undefined> {
  return findProgram(...NAMES);
}

/** Starts a headless Chromium with an empty profile. Disposing it ends it and removes the profile. */
export async function startBrowser(executablePath: string): Promise<Browser> {
  // Playwright looks in /proc, as it is loaded, whether it is on Windows' Linux; Deno allows that only to programs
  // that may do everything. This variable, of that check's own tests, puts the look off until someone asks.
  Deno.env.set("__IS_WSL_TEST__", "1");
  const { chromium } = await import("playwright-core");
  return await chromium.launch({ executablePath, args: FLAGS });
}

/** What a page did that a person might not see. */
export interface PageRecord {
  /** Every address it asked for; those within itself (`data:` and the like) apart. */
  readonly requested: string[];
  /** The errors in the console, and the uncaught ones. */
  readonly errors: string[];
}

/** Writes down, from now on, what a page asks for and what goes wrong in it. */
export function recordPage(page: Page): PageRecord {
  const record: PageRecord = { requested: [], errors: [] };
  page.on("request", (request) => {
    if (!/^(?:data|blob):/.test(request.url())) record.requested.push(request.url());
  });
  page.on("console", (message) => {
    if (message.type() === "error") record.errors.push(message.text());
  });
  page.on("pageerror", (error) => record.errors.push(error.message));
  return record;
}
