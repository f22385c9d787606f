/** What distinguishes releases for those who use a node. */
export interface Features {
  /** Meteor's client, up to 2.7: no GraphQL, and nothing of the API on the front door. */
  meteor: boolean;
  sip: boolean;
  /** Installed with everything else; later an administrator may add it. */
  etherpad: boolean;
  etherpadOptional: boolean;
  blockNote: boolean;
  livekit: boolean;
  /** LiveKit offers media at the network card that users reach, and at no other. */
  livekitPublic: boolean;
  /** Slides are for those in the meeting only, and name the page that may show them. */
  guardedSlides: boolean;
}

/** The features of a release such as 3.0.30; one that is not known counts as the newest that the lab installs. */
export function featuresOf(release = "4.0.2"): Features {
  const since = (first: string) => compare(release, first) >= 0;
  return {
    meteor: !since("3.0.0"),
    sip: !since("3.0.37"),
    etherpad: !since("4.0.0"),
    etherpadOptional: since("4.0.0") && !since("4.1.0"),
    blockNote: since("3.0.25"),
    livekit: since("3.0.0"),
    livekitPublic: since("3.0.28"),
    guardedSlides: since("3.0.27"),
  };
}

function compare(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}
