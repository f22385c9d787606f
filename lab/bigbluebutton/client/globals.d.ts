/** Names of the scripts that are loaded after the bundle; filled in when the client is built. */
declare const CHUNKS: readonly string[];
/** The release that the client belongs to, as in 3.0.30. */
declare const RELEASE: string;
