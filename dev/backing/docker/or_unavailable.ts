import { WayUnavailable } from "../errors.ts";

/** Does something without which there are no containers; its failure becomes {@link WayUnavailable}. */
export async function orUnavailable<T>(trouble: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new WayUnavailable(`${trouble}: ${error instanceof Error ? error.message.trim() : String(error)}`);
  }
}
