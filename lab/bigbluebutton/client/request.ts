/** A response of a server that agreed; otherwise an error that says which address answered what, or was not to be read at all. */
export async function ask(url: string, options: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, options);
  } catch {
    throw new Error(`${url} cannot be reached, or does not let ${location.origin} read its answer`);
  }
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response;
}

/** As `ask`, with the answer's JSON. */
export async function askJson<T>(url: string, options: RequestInit = {}): Promise<T> {
  return (await (await ask(url, options)).json()) as T;
}

/** The address with the session token in its query, as nginx wants it where no header can be sent. */
export function withToken(url: string, sessionToken: string): string {
  return `${url}${url.includes("?") ? "&" : "?"}sessionToken=${encodeURIComponent(sessionToken)}`;
}
