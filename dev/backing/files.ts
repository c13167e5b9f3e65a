import { messageOf, UnusableFolder } from "./errors.ts";

const { NotFound, NotADirectory, PermissionDenied } = Deno.errors;

/** Describes what a path leads to, if anything that we can reach. */
export async function statIfExists(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    if ([NotFound, NotADirectory, PermissionDenied].some((kind) => error instanceof kind)) return undefined;
    throw error;
  }
}

/** Whether a path leads to anything that we can reach. */
export async function exists(path: string): Promise<boolean> {
  return await statIfExists(path) !== undefined;
}

/** Deletes a folder and all that is in it, if it exists. */
export async function removeFolder(folder: string): Promise<void> {
  if (await exists(folder)) await Deno.remove(folder, { recursive: true });
}

/**
 * Makes a folder, if need be, that every account may pass through to what it may use inside. Whatever the umask is and
 * was: a folder of ours that an earlier run made too narrow is opened.
 *
 * @throws {UnusableFolder}
 */
export async function makePassable(folder: string): Promise<void> {
  try {
    await Deno.mkdir(folder, { recursive: true });
    // Anyone may make a folder in /tmp before us, and could later exchange what is in it.
    if ((await Deno.lstat(folder)).uid !== Deno.uid()) throw new Error("it belongs to another account");
    await Deno.chmod(folder, 0o711);
  } catch (error) {
    throw new UnusableFolder(`can't use the folder ${folder}: ${messageOf(error)}`);
  }
}

/** A lock on a file, held until it is disposed of or this process ends, however it ends. */
export class FileLock implements Disposable {
  constructor(readonly file: Deno.FsFile) {}

  [Symbol.dispose](): void {
    // Closing is not enough: a process that another thread is starting just now may have a copy of the open file.
    this.file.unlockSync();
    this.file.close();
  }
}

/** Waits for the lock on a file, which is made if need be. */
export async function lockFile(path: string): Promise<FileLock> {
  const file = await openLock(path);
  await file.lock(true);
  return new FileLock(file);
}

/** Takes the lock on a file, as {@link lockFile} does; `undefined` if it is held already. */
export async function tryLockFile(path: string): Promise<FileLock | undefined> {
  const file = await openLock(path);
  if (await file.tryLock(true)) return new FileLock(file);
  file.close();
  return undefined;
}

async function openLock(path: string): Promise<Deno.FsFile> {
  try {
    return await Deno.open(path, { create: true, read: true, write: true });
  } catch (error) {
    throw new UnusableFolder(`can't use the file ${path}: ${messageOf(error)}`);
  }
}
