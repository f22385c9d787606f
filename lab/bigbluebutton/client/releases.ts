/** Whether this client's release is that one or a later one. */
export function isSince(release: string): boolean {
  return RELEASE.localeCompare(release, "en", { numeric: true }) >= 0;
}
