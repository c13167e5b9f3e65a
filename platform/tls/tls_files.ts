import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import {
  describeCertificate,
  findTlsProblem,
  type TlsCredentials,
  type TlsPaths,
} from "../core/tls_credentials.ts";
import type { Logger } from "../log/logger.ts";

/** The credentials in TLS files, which are read again when the files change. Disposing it ends the reading. */
export interface TlsFiles extends Disposable {
  /** The newest that can be used. */
  readonly current: TlsCredentials;
  /** Calls the listener with all newer ones, as long as the files are read. */
  onChange(listener: (credentials: TlsCredentials) => void): void;
}

/** Options of {@linkcode watchTlsFiles}. */
export interface TlsFilesOptions {
  /** How often the files are read, in milliseconds; every second unless given. */
  readonly intervalMs?: number;
  /** The time, in milliseconds. */
  readonly now?: () => number;
}

const DAY_MS = 86_400_000;

/**
 * Reads TLS files, now and whenever they change. Changed ones that can't be used are logged, and the previous ones stay
 * in use. A certificate of whose life less than a fifth is left is warned of every day: what renews certificates usually
 * does so when a third is left.
 *
 * A change counts once two readings agree, as it may be half written. Reading finds every kind of change, also that of
 * the links with which an orchestrator swaps files; watching them would not.
 *
 * @throws {Error} of the file system if one can't be read now.
 */
export function watchTlsFiles(
  paths: TlsPaths,
  log: Logger,
  { intervalMs = 1_000, now = Date.now }: TlsFilesOptions = {},
): TlsFiles {
  const listeners: ((credentials: TlsCredentials) => void)[] = [];
  let current = readNow(paths);
  let judged: Partial<TlsCredentials> = current;
  let last: Partial<TlsCredentials> = current;
  let certificate = describeCertificate(current.cert);
  let warnedAt = -Infinity;
  let isClosed = false;

  const warnOfExpiry = () => {
    const { names, validFrom, validTo } = certificate;
    const isFresh = validTo - now() > (validTo - validFrom) / 5;
    if (isFresh || now() - warnedAt < DAY_MS) return;
    warnedAt = now();
    log.warn({ file: paths.cert, names, valid_to: new Date(validTo) }, "TLS certificate expires soon");
  };
  const judge = (read: Partial<TlsCredentials>) => {
    judged = read;
    if (isSame(read, current)) return;
    const problems = filesOf(paths).flatMap(([which, file]) => {
      const problem = findTlsProblem(which, read);
      return problem === undefined ? [] : [{ file, problem }];
    });
    if (problems.length > 0) {
      log.warn({ problems }, "changed TLS files can't be used; the previous ones stay in use");
      return;
    }
    // A file that could not be read would be a problem.
    current = read as TlsCredentials;
    for (const listener of listeners) listener(current);
    certificate = describeCertificate(current.cert);
    warnedAt = -Infinity;
    const { names, validTo } = certificate;
    log.info({ file: paths.cert, names, valid_to: new Date(validTo) }, "TLS files reloaded");
  };
  const look = async () => {
    const read = await readWhatCanBeRead(paths);
    if (isClosed) return;
    if (isSame(read, last) && !isSame(read, judged)) judge(read);
    last = read;
    warnOfExpiry();
    timer = setTimeout(look, intervalMs);
  };
  let timer = setTimeout(look, intervalMs);
  return {
    get current() {
      return current;
    },
    onChange: (listener) => void listeners.push(listener),
    [Symbol.dispose]() {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}

function readNow({ cert, key, ca }: TlsPaths): TlsCredentials {
  return {
    cert: readFileSync(cert),
    key: readFileSync(key),
    ...(ca !== undefined && { ca: readFileSync(ca) }),
  };
}

async function readWhatCanBeRead(paths: TlsPaths): Promise<Partial<TlsCredentials>> {
  const read = await Promise.all(
    filesOf(paths).map(async ([which, path]) => {
      // Why it can't be read does not matter, and the next reading may succeed.
      const pem = await readFile(path).catch(() => undefined);
      return pem === undefined ? [] : [[which, pem] as const];
    }),
  );
  return Object.fromEntries(read.flat());
}

function filesOf({ cert, key, ca }: TlsPaths): readonly (readonly [keyof TlsCredentials, string])[] {
  return [["cert", cert], ["key", key], ...(ca === undefined ? [] : [["ca", ca] as const])];
}

function isSame(one: Partial<TlsCredentials>, other: Partial<TlsCredentials>): boolean {
  return (["cert", "key", "ca"] as const).every((which) => {
    const [a, b] = [one[which], other[which]];
    return a === undefined || b === undefined ? a === b : a.equals(b);
  });
}
