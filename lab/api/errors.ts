import type { ContentfulStatusCode } from "hono/utils/http-status";

/** An answer other than success, as the API words it: HTTP status, code, one sentence, details. */
export class ApiError extends Error {
  constructor(
    readonly status: ContentfulStatusCode,
    readonly code: string,
    message: string,
    readonly details: object = { fields: [] },
  ) {
    super(message);
  }

  /** The body of the answer. */
  body(): object {
    return { error: { code: this.code, message: this.message, details: this.details } };
  }
}

/** 404: there is no such resource; clients take it as "deleted". */
export function notFound(kind: string, id: number | string): ApiError {
  return new ApiError(404, "not_found", `${kind} with ID '${id}' not found`);
}

/** 422: one field of the request is wrong. */
export function invalidInput(field: string, message: string): ApiError {
  return new ApiError(422, "invalid_input", `invalid input in field '${field}': ${message}`, {
    fields: [{ name: field, messages: [message] }],
  });
}

/** 409: the value of a field is already taken by another resource. */
export function notUnique(field: string, message: string): ApiError {
  return new ApiError(409, "uniqueness_error", message, { fields: [{ name: field, messages: [message] }] });
}

/** 423: delete or change protection is on. */
export function isProtected(kind: string): ApiError {
  return new ApiError(423, "protected", `${kind} is protected; switch its protection off first`);
}

/** 422 with a code of its own: the resource is not in a state that allows the request. */
export function refused(code: string, message: string): ApiError {
  return new ApiError(422, code, message);
}

/** 409: the resource is changing at this moment; clients try again. */
export function conflict(message: string): ApiError {
  return new ApiError(409, "conflict", message);
}
