/** What a path leads to, if anything. */
export async function statIfThere(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return undefined;
    throw error;
  }
}

/** Whether a path leads to anything. */
export async function exists(path: string): Promise<boolean> {
  return await statIfThere(path) !== undefined;
}
