/** A lock on a file, held until it is disposed or this process ends, however it ends. */
export interface FileLock extends AsyncDisposable {
  /** Leaves a note in the file for whoever finds it locked. */
  sign(note: string): Promise<void>;
}

/** Takes the lock on a file, made if need be, or returns `undefined` when somebody else holds it. */
export async function tryLockFile(path: string): Promise<FileLock | undefined> {
  const file = await Deno.open(path, { create: true, read: true, write: true });
  if (await file.tryLock(true)) return held(file);
  file.close();
  return undefined;
}

/** Waits for the lock on a file, made if need be. */
export async function lockFile(path: string): Promise<FileLock> {
  const file = await Deno.open(path, { create: true, read: true, write: true });
  await file.lock(true);
  return held(file);
}

function held(file: Deno.FsFile): FileLock {
  return {
    async sign(note) {
      await file.truncate();
      await file.write(new TextEncoder().encode(note));
    },
    async [Symbol.asyncDispose]() {
      await file.unlock();
      file.close();
    },
  };
}
