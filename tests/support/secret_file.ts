/** A file that holds a secret; disposing it deletes it. */
export interface SecretFile extends AsyncDisposable {
  readonly path: string;
  /** Replaces the secret in one step, as tools that hand out secrets do. */
  replace(content: string): Promise<void>;
}

/** Creates a file that holds a secret. */
export async function createSecretFile(content: string): Promise<SecretFile> {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/secret`;
  await Deno.writeTextFile(path, content);
  return {
    path,
    async replace(next) {
      await Deno.writeTextFile(`${path}.new`, next);
      await Deno.rename(`${path}.new`, path);
    },
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}
