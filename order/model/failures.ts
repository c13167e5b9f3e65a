import { FailedPrecondition, NotFound, PermissionDenied } from "@rocket/platform";
import type { Shortage } from "./part.ts";

/** An order for somebody else than the session's user. */
export class NotTheOwnUser extends PermissionDenied {
  constructor() {
    super("USER_NOT_OWN", "an order can be placed for the session's own user only");
  }
}

/** Some of the parts ordered do not exist; all of those are named. */
export class PartsNotFound extends NotFound {
  constructor(readonly partUuids: readonly string[]) {
    super("PART_NOT_FOUND", partUuids.map((uuid) => `part ${uuid} does not exist`).join("; "));
  }
}

/** Some of the parts ordered have fewer pieces than were ordered; all of those are named. */
export class TooLittleStock extends FailedPrecondition {
  constructor(readonly shortages: readonly Shortage[]) {
    super("STOCK_TOO_LITTLE", shortages.map(describe).join("; "));
  }
}

function describe({ partUuid, ordered, stock }: Shortage): string {
  return `part ${partUuid} has too little stock: ${ordered} ordered, ${stock} there`;
}

/** The user has no such order: there is none, or it is another's, which must look the same. ASVS 8.2.2. */
export class OrderNotFound extends NotFound {
  constructor(orderUuid: string) {
    super("ORDER_NOT_FOUND", `order ${orderUuid} does not exist`);
  }
}
