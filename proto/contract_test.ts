import {
  createFileRegistry,
  type DescField,
  type DescMethod,
  fromBinary,
  ScalarType,
} from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import assert from "node:assert/strict";
import { descriptorSet } from "./descriptor_set.ts";

const THIRD_PARTY = /^(google|grpc)\./;

/** The contract that existing clients use. Lines may be added, but never changed or removed. */
const contract = `
auth.v1.AuthService.Login(LoginRequest): LoginResponse
auth.v1.AuthService.Whoami(WhoamiRequest): WhoamiResponse
auth.v1.AuthService.Logout(LogoutRequest): LogoutResponse
auth.v1.LoginRequest          1 login: string
auth.v1.LoginRequest          2 password: string
auth.v1.LoginResponse         1 session_uuid: string
auth.v1.WhoamiRequest         1 session_uuid: string
auth.v1.WhoamiResponse        1 session: common.v1.Session
auth.v1.WhoamiResponse        2 user: common.v1.User
auth.v1.LogoutRequest         1 session_uuid: string
auth.v1.SessionService.ListSessions(ListSessionsRequest): ListSessionsResponse
auth.v1.SessionService.RevokeSession(RevokeSessionRequest): RevokeSessionResponse
auth.v1.SessionService.RevokeOtherSessions(RevokeOtherSessionsRequest): RevokeOtherSessionsResponse
auth.v1.SessionView           1 handle: string
auth.v1.SessionView           2 created_at: google.protobuf.Timestamp
auth.v1.SessionView           3 last_seen_at: google.protobuf.Timestamp
auth.v1.SessionView           4 expires_at: google.protobuf.Timestamp
auth.v1.SessionView           5 user_agent: string
auth.v1.SessionView           6 address: string
auth.v1.SessionView           7 current: bool
auth.v1.ListSessionsResponse  1 sessions: repeated auth.v1.SessionView
auth.v1.RevokeSessionRequest  1 handle: string
auth.v1.RevokeSessionRequest  2 password: string
auth.v1.RevokeOtherSessionsRequest 1 password: string

user.v1.UserService.Register(RegisterRequest): RegisterResponse
user.v1.UserService.GetUser(GetUserRequest): GetUserResponse
user.v1.UserService.ChangePassword(ChangePasswordRequest): ChangePasswordResponse
user.v1.UserService.UpdateProfile(UpdateProfileRequest): UpdateProfileResponse
user.v1.UserService.DeleteAccount(DeleteAccountRequest): DeleteAccountResponse
user.v1.UserService.RequestPasswordReset(RequestPasswordResetRequest): RequestPasswordResetResponse
user.v1.UserService.ResetPassword(ResetPasswordRequest): ResetPasswordResponse
user.v1.UserService.RequestEmailVerification(RequestEmailVerificationRequest): RequestEmailVerificationResponse
user.v1.UserService.VerifyEmail(VerifyEmailRequest): VerifyEmailResponse
user.v1.UserService.IssueAccountToken(IssueAccountTokenRequest): IssueAccountTokenResponse
user.v1.UserRegistrationInfo  1 info: common.v1.UserInfo
user.v1.UserRegistrationInfo  2 password: string
user.v1.RegisterRequest       1 info: user.v1.UserRegistrationInfo
user.v1.RegisterResponse      1 user_uuid: string
user.v1.GetUserRequest        1 user_uuid: string
user.v1.GetUserResponse       1 user: common.v1.User
user.v1.ChangePasswordRequest 1 old_password: string
user.v1.ChangePasswordRequest 2 new_password: string
user.v1.UpdateProfileRequest  1 email: string
user.v1.UpdateProfileRequest  2 notification_methods: repeated common.v1.NotificationMethod
user.v1.UpdateProfileRequest  3 password: string
user.v1.DeleteAccountRequest  1 password: string
user.v1.RequestPasswordResetRequest 1 email: string
user.v1.ResetPasswordRequest  1 token: string
user.v1.ResetPasswordRequest  2 new_password: string
user.v1.VerifyEmailRequest    1 token: string
user.v1.IssueAccountTokenRequest  1 user_uuid: string
user.v1.IssueAccountTokenRequest  2 purpose: user.v1.AccountTokenPurpose
user.v1.IssueAccountTokenResponse 1 token: string
user.v1.IssueAccountTokenResponse 2 email: string
user.v1.IssueAccountTokenResponse 3 expires_at: google.protobuf.Timestamp
user.v1.AccountTokenPurpose   0 ACCOUNT_TOKEN_PURPOSE_UNSPECIFIED
user.v1.AccountTokenPurpose   1 ACCOUNT_TOKEN_PURPOSE_RESET_PASSWORD
user.v1.AccountTokenPurpose   2 ACCOUNT_TOKEN_PURPOSE_VERIFY_EMAIL

common.v1.Session             1 uuid: string
common.v1.Session             2 created_at: google.protobuf.Timestamp
common.v1.Session             3 updated_at: google.protobuf.Timestamp
common.v1.Session             4 expires_at: google.protobuf.Timestamp
common.v1.User                1 uuid: string
common.v1.User                2 info: common.v1.UserInfo
common.v1.User                3 created_at: google.protobuf.Timestamp
common.v1.User                4 updated_at: google.protobuf.Timestamp
common.v1.User                5 email_verified_at: google.protobuf.Timestamp
common.v1.UserInfo            1 login: string
common.v1.UserInfo            2 email: string
common.v1.UserInfo            3 notification_methods: repeated common.v1.NotificationMethod
common.v1.NotificationMethod  1 provider_name: string
common.v1.NotificationMethod  2 target: string

inventory.v1.InventoryService.GetPart(GetPartRequest): GetPartResponse
inventory.v1.InventoryService.ListParts(ListPartsRequest): ListPartsResponse
inventory.v1.InventoryService.ReserveParts(ReservePartsRequest): ReservePartsResponse
inventory.v1.InventoryService.CommitParts(CommitPartsRequest): CommitPartsResponse
inventory.v1.InventoryService.ReleaseParts(ReleasePartsRequest): ReleasePartsResponse
inventory.v1.GetPartRequest    1 uuid: string
inventory.v1.GetPartResponse   1 part: inventory.v1.Part
inventory.v1.ListPartsRequest  1 filter: inventory.v1.PartsFilter
inventory.v1.ListPartsResponse 1 parts: repeated inventory.v1.Part
inventory.v1.PartsFilter       1 uuids: repeated string
inventory.v1.PartsFilter       2 names: repeated string
inventory.v1.PartsFilter       3 categories: repeated inventory.v1.Category
inventory.v1.PartsFilter       4 manufacturer_countries: repeated string
inventory.v1.PartsFilter       5 tags: repeated string
inventory.v1.Part              1 uuid: string
inventory.v1.Part              2 name: string
inventory.v1.Part              3 description: string
inventory.v1.Part              4 price: double
inventory.v1.Part              5 stock_quantity: int64
inventory.v1.Part              6 category: inventory.v1.Category
inventory.v1.Part              7 dimensions: inventory.v1.Dimensions
inventory.v1.Part              8 manufacturer: inventory.v1.Manufacturer
inventory.v1.Part              9 tags: repeated string
inventory.v1.Part             10 metadata: map<string, inventory.v1.Value>
inventory.v1.Part             11 created_at: google.protobuf.Timestamp
inventory.v1.Part             12 updated_at: google.protobuf.Timestamp
inventory.v1.Dimensions        1 length: double
inventory.v1.Dimensions        2 width: double
inventory.v1.Dimensions        3 height: double
inventory.v1.Dimensions        4 weight: double
inventory.v1.Manufacturer      1 name: string
inventory.v1.Manufacturer      2 country: string
inventory.v1.Manufacturer      3 website: string
inventory.v1.Value             1 string_value: string, one of kind
inventory.v1.Value             2 int64_value: int64, one of kind
inventory.v1.Value             3 double_value: double, one of kind
inventory.v1.Value             4 bool_value: bool, one of kind
inventory.v1.ReservePartsRequest  1 order_uuid: string
inventory.v1.ReservePartsRequest  2 items: repeated inventory.v1.PartQuantity
inventory.v1.ReservePartsRequest  3 ttl: google.protobuf.Duration
inventory.v1.PartQuantity         1 part_uuid: string
inventory.v1.PartQuantity         2 quantity: int32
inventory.v1.ReservePartsResponse 1 expires_at: google.protobuf.Timestamp
inventory.v1.CommitPartsRequest   1 order_uuid: string
inventory.v1.ReleasePartsRequest  1 order_uuid: string
inventory.v1.Category          0 CATEGORY_UNSPECIFIED
inventory.v1.Category          1 CATEGORY_ENGINE
inventory.v1.Category          2 CATEGORY_FUEL
inventory.v1.Category          3 CATEGORY_PORTHOLE
inventory.v1.Category          4 CATEGORY_WING

payment.v1.PaymentService.PayOrder(PayOrderRequest): PayOrderResponse
payment.v1.PayOrderRequest    1 order_uuid: string
payment.v1.PayOrderRequest    2 user_uuid: string
payment.v1.PayOrderRequest    3 payment_method: payment.v1.PaymentMethod
payment.v1.PayOrderResponse   1 transaction_uuid: string
payment.v1.PaymentMethod      0 PAYMENT_METHOD_UNSPECIFIED
payment.v1.PaymentMethod      1 PAYMENT_METHOD_CARD
payment.v1.PaymentMethod      2 PAYMENT_METHOD_SBP
payment.v1.PaymentMethod      3 PAYMENT_METHOD_CREDIT_CARD
payment.v1.PaymentMethod      4 PAYMENT_METHOD_INVESTOR_MONEY

events.v1.OrderPaid 1 event_uuid: string
events.v1.OrderPaid 2 order_uuid: string
events.v1.OrderPaid 3 user_uuid: string
events.v1.OrderPaid 4 payment_method: string
events.v1.OrderPaid 5 transaction_uuid: string
events.v1.ShipAssembled 1 event_uuid: string
events.v1.ShipAssembled 2 order_uuid: string
events.v1.ShipAssembled 3 user_uuid: string
events.v1.ShipAssembled 4 build_time_sec: int64
events.v1.AccountEvent 1 event_uuid: string
events.v1.AccountEvent 2 user_uuid: string
events.v1.AccountEvent 3 kind: events.v1.AccountEventKind
events.v1.AccountEvent 4 at: google.protobuf.Timestamp
events.v1.AccountEvent 5 address: string
events.v1.AccountEvent 6 user_agent: string
events.v1.AccountEvent 7 detail: string
events.v1.AccountEventKind 0 ACCOUNT_EVENT_KIND_UNSPECIFIED
events.v1.AccountEventKind 1 ACCOUNT_EVENT_KIND_REGISTERED
events.v1.AccountEventKind 2 ACCOUNT_EVENT_KIND_LOGIN_SUCCEEDED
events.v1.AccountEventKind 3 ACCOUNT_EVENT_KIND_LOGIN_REFUSED
events.v1.AccountEventKind 4 ACCOUNT_EVENT_KIND_PASSWORD_REFUSED
events.v1.AccountEventKind 5 ACCOUNT_EVENT_KIND_THROTTLED
events.v1.AccountEventKind 6 ACCOUNT_EVENT_KIND_LOGGED_OUT
events.v1.AccountEventKind 7 ACCOUNT_EVENT_KIND_SESSIONS_REVOKED
events.v1.AccountEventKind 8 ACCOUNT_EVENT_KIND_PASSWORD_CHANGED
events.v1.AccountEventKind 9 ACCOUNT_EVENT_KIND_PROFILE_CHANGED
events.v1.AccountEventKind 10 ACCOUNT_EVENT_KIND_DISABLED
events.v1.AccountEventKind 11 ACCOUNT_EVENT_KIND_ENABLED
events.v1.AccountEventKind 12 ACCOUNT_EVENT_KIND_DELETED
events.v1.AccountEventKind 13 ACCOUNT_EVENT_KIND_PASSWORD_RESET_REQUESTED
events.v1.AccountEventKind 14 ACCOUNT_EVENT_KIND_EMAIL_VERIFICATION_REQUESTED
events.v1.AccountEventKind 15 ACCOUNT_EVENT_KIND_EMAIL_VERIFIED
`;

Deno.test("the contracts have every package, method, field and number that existing clients use", () => {
  const pinned = contract.split("\n").filter(Boolean).map((line) => line.replace(/ +/, " "));
  assert.deepEqual(describeContracts().toSorted(), pinned.sort());
});

function describeContracts(): readonly string[] {
  const { files } = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptorSet()));
  return [...files].filter(({ proto }) => !THIRD_PARTY.test(proto.package)).flatMap((file) => [
    ...file.services.flatMap((service) => service.methods.map(describeMethod)),
    ...file.messages.flatMap((message) => message.fields.map(describeField)),
    ...file.enums.flatMap(({ typeName, values }) => values.map((v) => `${typeName} ${v.number} ${v.name}`)),
  ]);
}

function describeMethod({ parent, name, methodKind, input, output }: DescMethod): string {
  const kind = methodKind === "unary" ? "" : ` (${methodKind})`;
  return `${parent.typeName}.${name}(${input.name}): ${output.name}${kind}`;
}

function describeField(field: DescField): string {
  const oneOf = field.oneof ? `, one of ${field.oneof.name}` : "";
  return `${field.parent.typeName} ${field.number} ${field.name}: ${describeType(field)}${oneOf}`;
}

function describeType(field: DescField): string {
  const { fieldKind, message, enum: enumeration, scalar } = field;
  const element = message?.typeName ?? enumeration?.typeName ?? (scalar && scalarName(scalar));
  if (fieldKind === "list") return `repeated ${element}`;
  return fieldKind === "map" ? `map<${scalarName(field.mapKey)}, ${element}>` : `${element}`;
}

function scalarName(scalar: ScalarType): string {
  return ScalarType[scalar].toLowerCase();
}
