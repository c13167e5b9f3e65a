import { NotFound } from "@rocket/platform";

/** No part has this identifier. */
export class PartNotFound extends NotFound {
  constructor(uuid: string) {
    super("PART_NOT_FOUND", `part ${uuid} does not exist`);
  }
}
