// Code generated from order/v1/order.openapi.yaml. DO NOT EDIT.
/** The order API's OpenAPI 3.1 document. */
export const orderDocument: Readonly<Record<string, unknown>> = {
  "openapi": "3.1.0",
  "info": {
    "title": "Order API",
    "version": "1.0.0",
    "summary": "Orders of spaceship parts.",
    "description":
      "Everything under `/api` needs a session. `AuthService.Login` gives one; send its identifier as header\n`X-Session-Uuid`. Orders belong to the session's user.\n\n- JSON in, JSON out, in UTF-8. A request body is at most 64 KiB.\n- A UUID is read in any letter case, of any version, and written in lower case.\n- Money is a number with at most two decimals.\n- Every answer, of whatever status, carries `X-Request-Id`.\n- A path that is not listed here is answered 404, a method that is not listed 405 with `Allow`, both with\n  the body of the other errors.\n- A request may wait 5 seconds, then it is answered 504.\n",
    "license": { "name": "MIT", "identifier": "MIT" },
  },
  "servers": [{
    "url": "http://127.0.0.1:8080",
    "description": "A developer's machine, with the ports of `.env.example`.",
  }],
  "security": [{ "session": [] }],
  "tags": [{ "name": "orders", "description": "Orders of the session's user." }],
  "paths": {
    "/api/v1/orders": {
      "post": {
        "operationId": "createOrder",
        "tags": ["orders"],
        "summary": "Place an order",
        "description":
          "The order belongs to the session's user and waits to be paid. Either all its pieces are ordered or none.\nA request that is sent again places another order.\n",
        "parameters": [{ "$ref": "#/components/parameters/RequestId" }],
        "requestBody": {
          "required": true,
          "content": {
            "application/json": {
              "schema": { "$ref": "#/components/schemas/NewOrder" },
              "examples": {
                "onePiece": {
                  "summary": "One piece",
                  "value": { "part_uuids": ["2d9c1a4e-7f0b-4c1d-9a55-0b6e3f8d2c11"] },
                },
                "twoPiecesOfOnePart": {
                  "summary": "Two pieces of one part, the user named",
                  "value": {
                    "part_uuids": [
                      "2d9c1a4e-7f0b-4c1d-9a55-0b6e3f8d2c11",
                      "2d9c1a4e-7f0b-4c1d-9a55-0b6e3f8d2c11",
                    ],
                    "user_uuid": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
                  },
                },
              },
            },
          },
        },
        "responses": {
          "201": {
            "description": "The order is placed.",
            "headers": { "X-Request-Id": { "$ref": "#/components/headers/RequestId" } },
            "content": {
              "application/json": {
                "schema": { "$ref": "#/components/schemas/PlacedOrder" },
                "examples": {
                  "placed": {
                    "value": { "order_uuid": "0d7f8a52-3f6e-4a0c-8f0e-5b8d1f3f6a10", "total_price": 1499.9 },
                  },
                },
              },
            },
          },
          "400": {
            "description":
              "The body is not JSON, or its fields break their rules; `details` names every broken field.",
            "headers": { "X-Request-Id": { "$ref": "#/components/headers/RequestId" } },
            "content": {
              "application/json": {
                "schema": { "$ref": "#/components/schemas/ErrorBody" },
                "examples": {
                  "brokenField": {
                    "value": {
                      "code": 400,
                      "message": "part_uuids[1]: Invalid UUID",
                      "details": [{ "field": "part_uuids[1]", "message": "Invalid UUID" }],
                    },
                  },
                },
              },
            },
          },
          "401": { "$ref": "#/components/responses/Unauthenticated" },
          "403": {
            "description": "`user_uuid` is not the session's user.",
            "headers": { "X-Request-Id": { "$ref": "#/components/headers/RequestId" } },
            "content": {
              "application/json": {
                "schema": { "$ref": "#/components/schemas/ErrorBody" },
                "examples": {
                  "anotherUser": {
                    "value": {
                      "code": 403,
                      "message": "an order can be placed for the session's own user only",
                    },
                  },
                },
              },
            },
          },
          "404": {
            "description": "A part does not exist; the message names it.",
            "headers": { "X-Request-Id": { "$ref": "#/components/headers/RequestId" } },
            "content": {
              "application/json": {
                "schema": { "$ref": "#/components/schemas/ErrorBody" },
                "examples": {
                  "missingPart": {
                    "value": {
                      "code": 404,
                      "message": "part 2d9c1a4e-7f0b-4c1d-9a55-0b6e3f8d2c11 does not exist",
                    },
                  },
                },
              },
            },
          },
          "409": {
            "description": "A part has fewer pieces in stock than ordered; the message names it.",
            "headers": { "X-Request-Id": { "$ref": "#/components/headers/RequestId" } },
            "content": {
              "application/json": {
                "schema": { "$ref": "#/components/schemas/ErrorBody" },
                "examples": {
                  "tooLittleStock": {
                    "value": {
                      "code": 409,
                      "message": "part 2d9c1a4e-7f0b-4c1d-9a55-0b6e3f8d2c11 has too little stock",
                    },
                  },
                },
              },
            },
          },
          "413": {
            "description": "The body is over 64 KiB.",
            "headers": { "X-Request-Id": { "$ref": "#/components/headers/RequestId" } },
            "content": {
              "application/json": {
                "schema": { "$ref": "#/components/schemas/ErrorBody" },
                "examples": {
                  "tooLarge": {
                    "value": { "code": 413, "message": "the body may have 65536 bytes at most" },
                  },
                },
              },
            },
          },
          "415": {
            "description": "The body's `Content-Type` is not `application/json`.",
            "headers": { "X-Request-Id": { "$ref": "#/components/headers/RequestId" } },
            "content": {
              "application/json": {
                "schema": { "$ref": "#/components/schemas/ErrorBody" },
                "examples": {
                  "notJson": {
                    "value": { "code": 415, "message": "the body must be sent as application/json" },
                  },
                },
              },
            },
          },
          "429": { "$ref": "#/components/responses/TooMany" },
          "500": { "$ref": "#/components/responses/Internal" },
          "503": { "$ref": "#/components/responses/Unavailable" },
          "504": { "$ref": "#/components/responses/DeadlineExceeded" },
        },
      },
    },
    "/api/v1/orders/{order_uuid}": {
      "get": {
        "operationId": "getOrder",
        "tags": ["orders"],
        "summary": "Read an order",
        "parameters": [{
          "name": "order_uuid",
          "in": "path",
          "required": true,
          "description": "The UUID that placing the order answered with.",
          "schema": { "$ref": "#/components/schemas/Uuid" },
          "example": "0d7f8a52-3f6e-4a0c-8f0e-5b8d1f3f6a10",
        }, { "$ref": "#/components/parameters/RequestId" }],
        "responses": {
          "200": {
            "description": "The order.",
            "headers": { "X-Request-Id": { "$ref": "#/components/headers/RequestId" } },
            "content": {
              "application/json": {
                "schema": { "$ref": "#/components/schemas/Order" },
                "examples": {
                  "waiting": {
                    "summary": "Waits to be paid",
                    "value": {
                      "order_uuid": "0d7f8a52-3f6e-4a0c-8f0e-5b8d1f3f6a10",
                      "user_uuid": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
                      "part_uuids": ["2d9c1a4e-7f0b-4c1d-9a55-0b6e3f8d2c11"],
                      "total_price": 1499.9,
                      "transaction_uuid": null,
                      "payment_method": null,
                      "status": "PENDING_PAYMENT",
                    },
                  },
                  "paid": {
                    "summary": "Is paid",
                    "value": {
                      "order_uuid": "0d7f8a52-3f6e-4a0c-8f0e-5b8d1f3f6a10",
                      "user_uuid": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
                      "part_uuids": ["2d9c1a4e-7f0b-4c1d-9a55-0b6e3f8d2c11"],
                      "total_price": 1499.9,
                      "transaction_uuid": "5f0c3e0a-8a86-4f0e-9f57-0a1d1c2f7b42",
                      "payment_method": "CARD",
                      "status": "PAID",
                    },
                  },
                },
              },
            },
          },
          "400": {
            "description": "`order_uuid` is not a UUID.",
            "headers": { "X-Request-Id": { "$ref": "#/components/headers/RequestId" } },
            "content": {
              "application/json": {
                "schema": { "$ref": "#/components/schemas/ErrorBody" },
                "examples": {
                  "notAUuid": {
                    "value": {
                      "code": 400,
                      "message": "order_uuid: Invalid UUID",
                      "details": [{ "field": "order_uuid", "message": "Invalid UUID" }],
                    },
                  },
                },
              },
            },
          },
          "401": { "$ref": "#/components/responses/Unauthenticated" },
          "404": {
            "description": "There is no such order, or it is another user's; the two are not told apart.",
            "headers": { "X-Request-Id": { "$ref": "#/components/headers/RequestId" } },
            "content": {
              "application/json": {
                "schema": { "$ref": "#/components/schemas/ErrorBody" },
                "examples": {
                  "missingOrder": {
                    "value": {
                      "code": 404,
                      "message": "order 0d7f8a52-3f6e-4a0c-8f0e-5b8d1f3f6a10 does not exist",
                    },
                  },
                },
              },
            },
          },
          "429": { "$ref": "#/components/responses/TooMany" },
          "500": { "$ref": "#/components/responses/Internal" },
          "503": { "$ref": "#/components/responses/Unavailable" },
          "504": { "$ref": "#/components/responses/DeadlineExceeded" },
        },
      },
    },
  },
  "components": {
    "securitySchemes": {
      "session": {
        "type": "apiKey",
        "in": "header",
        "name": "X-Session-Uuid",
        "description": "The session identifier that `AuthService.Login` answered with.",
      },
    },
    "parameters": {
      "RequestId": {
        "name": "X-Request-Id",
        "in": "header",
        "required": false,
        "description":
          "The caller's own identifier for the request, 1 to 64 of `[A-Za-z0-9_-]`. Any other value is replaced by a new\nidentifier, never refused.\n",
        "schema": { "type": "string" },
        "example": "checkout-42",
      },
    },
    "headers": {
      "RequestId": {
        "description":
          "Names the request in every log line of every service. The caller's own where it sent a good one.",
        "required": true,
        "schema": { "type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$" },
        "example": "checkout-42",
      },
      "RetryAfter": {
        "description": "After how many seconds the same request is worth sending again.",
        "required": true,
        "schema": { "type": "integer", "minimum": 1 },
        "example": 1,
      },
    },
    "responses": {
      "Unauthenticated": {
        "description":
          "No session identifier, an empty one, or one that is not a UUID, unknown, expired or revoked.",
        "headers": { "X-Request-Id": { "$ref": "#/components/headers/RequestId" } },
        "content": {
          "application/json": {
            "schema": { "$ref": "#/components/schemas/ErrorBody" },
            "examples": {
              "noSession": { "value": { "code": 401, "message": "a valid session is required" } },
            },
          },
        },
      },
      "TooMany": {
        "description":
          "A service that is needed has too much to do. The same request may be sent again after `Retry-After`.",
        "headers": {
          "X-Request-Id": { "$ref": "#/components/headers/RequestId" },
          "Retry-After": { "$ref": "#/components/headers/RetryAfter" },
        },
        "content": {
          "application/json": {
            "schema": { "$ref": "#/components/schemas/ErrorBody" },
            "examples": { "tooMany": { "value": { "code": 429, "message": "too many requests" } } },
          },
        },
      },
      "Internal": {
        "description": "A fault of the service. `X-Request-Id` finds it in the logs.",
        "headers": { "X-Request-Id": { "$ref": "#/components/headers/RequestId" } },
        "content": {
          "application/json": {
            "schema": { "$ref": "#/components/schemas/ErrorBody" },
            "examples": { "fault": { "value": { "code": 500, "message": "internal error" } } },
          },
        },
      },
      "Unavailable": {
        "description":
          "A service or store that is needed can't be reached. The session may well be good: keep it, and try again after\n`Retry-After`.\n",
        "headers": {
          "X-Request-Id": { "$ref": "#/components/headers/RequestId" },
          "Retry-After": { "$ref": "#/components/headers/RetryAfter" },
        },
        "content": {
          "application/json": {
            "schema": { "$ref": "#/components/schemas/ErrorBody" },
            "examples": { "unreachable": { "value": { "code": 503, "message": "iam is unavailable" } } },
          },
        },
      },
      "DeadlineExceeded": {
        "description":
          "A service or store that is needed did not answer in time. Whether the request took effect is not known.",
        "headers": { "X-Request-Id": { "$ref": "#/components/headers/RequestId" } },
        "content": {
          "application/json": {
            "schema": { "$ref": "#/components/schemas/ErrorBody" },
            "examples": { "late": { "value": { "code": 504, "message": "iam did not answer in time" } } },
          },
        },
      },
    },
    "schemas": {
      "Uuid": {
        "description":
          "A UUID in the textual form of RFC 9562, section 4, of any version, in any letter case.",
        "type": "string",
        "format": "uuid",
        "pattern": "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$",
      },
      "Money": {
        "description": "An amount of money with at most two decimals.",
        "type": "number",
        "minimum": 0,
        "multipleOf": 0.01,
      },
      "PartUuids": {
        "description": "The parts ordered. A part listed twice is two pieces.",
        "type": "array",
        "items": { "$ref": "#/components/schemas/Uuid" },
        "minItems": 1,
        "maxItems": 100,
      },
      "OrderStatus": {
        "description": "Where an order stands.",
        "type": "string",
        "enum": ["PENDING_PAYMENT", "PAID", "CANCELLED", "ASSEMBLED"],
      },
      "PaymentMethod": {
        "description": "How an order was paid.",
        "type": "string",
        "enum": ["CARD", "SBP", "CREDIT_CARD", "INVESTOR_MONEY"],
      },
      "NewOrder": {
        "description": "An order to place.",
        "type": "object",
        "additionalProperties": false,
        "required": ["part_uuids"],
        "properties": {
          "part_uuids": { "$ref": "#/components/schemas/PartUuids" },
          "user_uuid": {
            "description": "Who orders. Need not be given; where it is, it must be the session's user.",
            "$ref": "#/components/schemas/Uuid",
          },
        },
      },
      "PlacedOrder": {
        "description": "An order that was just placed.",
        "type": "object",
        "required": ["order_uuid", "total_price"],
        "properties": {
          "order_uuid": { "$ref": "#/components/schemas/Uuid" },
          "total_price": { "$ref": "#/components/schemas/Money" },
        },
      },
      "Order": {
        "description": "An order.",
        "type": "object",
        "required": [
          "order_uuid",
          "user_uuid",
          "part_uuids",
          "total_price",
          "transaction_uuid",
          "payment_method",
          "status",
        ],
        "properties": {
          "order_uuid": { "$ref": "#/components/schemas/Uuid" },
          "user_uuid": { "description": "Whose order it is.", "$ref": "#/components/schemas/Uuid" },
          "part_uuids": { "$ref": "#/components/schemas/PartUuids" },
          "total_price": { "$ref": "#/components/schemas/Money" },
          "transaction_uuid": {
            "description": "The payment; null until the order is paid.",
            "oneOf": [{ "$ref": "#/components/schemas/Uuid" }, { "type": "null" }],
          },
          "payment_method": {
            "description": "How the order was paid; null until it is.",
            "oneOf": [{ "$ref": "#/components/schemas/PaymentMethod" }, { "type": "null" }],
          },
          "status": { "$ref": "#/components/schemas/OrderStatus" },
        },
      },
      "FieldError": {
        "description": "One field that breaks its rule.",
        "type": "object",
        "required": ["field", "message"],
        "properties": {
          "field": {
            "description":
              "The field's path in the request, such as `part_uuids[1]`; `body` for the body as a whole.",
            "type": "string",
          },
          "message": { "description": "The rule that is broken, for a person to read.", "type": "string" },
        },
      },
      "ErrorBody": {
        "description": "What went wrong.",
        "type": "object",
        "required": ["code", "message"],
        "properties": {
          "code": {
            "description": "The answer's HTTP status.",
            "type": "integer",
            "minimum": 400,
            "maximum": 599,
          },
          "message": {
            "description": "What went wrong, for a person to read. It names the broken fields too.",
            "type": "string",
          },
          "details": {
            "description": "The broken fields, all of them; not there where no field is to blame.",
            "type": "array",
            "items": { "$ref": "#/components/schemas/FieldError" },
            "minItems": 1,
          },
        },
      },
    },
  },
};
