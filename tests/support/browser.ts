import type { Browser, Page } from "playwright-core";
import { findProgram } from "./find_program.ts";

/** The program's names in Debian, in Ubuntu, and in Google's packages. */
const NAMES = ["chromium", "chromium-browser", "google-chrome"];

/** In addition to Playwright's own; the last keeps Chromium from reaching other hosts than 127.0.0.1. */
const FLAGS = ["--disable-gpu", "--disable-quic", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"];

/** The path of Chromium on this machine; `undefined` if it is not installed. */
export function findChromium(): Promise<string | undefined> {
  return findProgram(...NAMES);
}

/** Starts a headless Chromium with an empty profile. Disposing it stops it and removes the profile. */
export async function startBrowser(executablePath: string): Promise<Browser> {
  // On import Playwright reads /proc to detect WSL, which Deno allows only to programs with all permissions. This
  // variable, meant for the tests of that check, delays it until the result is used.
  Deno.env.set("__IS_WSL_TEST__", "1");
  const { chromium } = await import("playwright-core");
  return await chromium.launch({ executablePath, args: FLAGS });
}

/** A page's requests and errors. */
export interface PageRecord {
  /** Every URL it requested, except `data:` and `blob:` ones. */
  readonly requested: string[];
  /** Errors logged to the console, and uncaught ones. */
  readonly errors: string[];
}

/** Starts to record a page's requests and errors. */
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
