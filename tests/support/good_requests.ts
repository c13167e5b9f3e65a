import type { JsonObject } from "@bufbuild/protobuf";
import type { Part } from "@rocket/proto";
import { type Person, someone } from "./person.ts";

/** A request that is answered OK. */
export interface GoodRequest {
  /** In the JSON of protobuf, its fields by their names in the contract. */
  readonly message: JsonObject;
  readonly metadata: Readonly<Record<string, string>>;
}

/** What good requests speak of. */
export interface GoodSubjects {
  readonly person: Person;
  readonly part: Part;
}

/** A request for every method that is answered OK, made anew each time, as some are good only once. */
export function goodRequests(
  { person, part }: GoodSubjects,
): Readonly<Record<string, () => GoodRequest>> {
  const { login, password, userUuid, sessionUuid } = person;
  const open = (message: JsonObject) => ({ message, metadata: {} });
  const guarded = (message: JsonObject) => ({ message, metadata: { "session-uuid": sessionUuid } });
  return {
    "auth.v1.AuthService/Login": () => open({ login, password }),
    "auth.v1.AuthService/Whoami": () => open({ session_uuid: sessionUuid }),
    "user.v1.UserService/Register": () => {
      const { login, email, password } = someone();
      const notification_methods = [{ provider_name: "email", target: email }];
      return open({ info: { info: { login, email, notification_methods }, password } });
    },
    "user.v1.UserService/GetUser": () => open({ user_uuid: userUuid }),
    "inventory.v1.InventoryService/GetPart": () => guarded({ uuid: part.uuid }),
    "inventory.v1.InventoryService/ListParts": () =>
      guarded({
        filter: {
          uuids: [part.uuid],
          names: [part.name],
          categories: [part.category],
          manufacturer_countries: [part.manufacturer?.country ?? ""],
          tags: part.tags,
        },
      }),
  };
}
