/** The folder of a Debian 13 with PostgreSQL, nginx, BBBLB and clients that ask it, built once and kept. */
export function debianRoot(): string;
