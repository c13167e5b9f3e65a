/** The part of `ley/lib/util` in use; it ships no types of its own. */

/**
 * The files that are still to run.
 *
 * @throws {Error} if the applied ones are not the first of the files: `Cannot run "<file>" after "<applied>" …`.
 */
export function diff<File extends { readonly name: string }>(
  applied: readonly { readonly name: string }[],
  files: readonly File[],
): File[];
