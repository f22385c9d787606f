/** The client's settings as the server merged them; read by dotted paths. */
export class Settings {
  constructor(private readonly values: unknown) {}

  /** The text at a path; throws when there is none. */
  text(path: string): string {
    const value = this.optional(path);
    if (!value) throw new Error(`the setting ${path} is missing`);
    return value;
  }

  /** The text at a path, empty when there is none. */
  optional(path: string): string {
    let value: unknown = this.values;
    for (const key of path.split(".")) value = (value as Record<string, unknown> | null | undefined)?.[key];
    return typeof value === "string" ? value : "";
  }
}
