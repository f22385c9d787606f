import { isSince, staticClientSince } from "../plan/releases";
import { type Check, unless } from "./check";

/** What distinguishes releases for those who use a node; undefined where the release is not known. */
export interface Features {
  /** Meteor's client, up to 2.7: no GraphQL, and nothing of the API on the proxy. */
  meteor: boolean;
  sip: boolean | undefined;
  /** Installed with everything else; later an administrator may add it. */
  etherpad: boolean | undefined;
  etherpadOptional: boolean | undefined;
  blockNote: boolean | undefined;
  /** Comes with 4.0; on 3.0 an administrator may add it. */
  livekit: boolean;
  livekitOptional: boolean | undefined;
  /** LiveKit offers media at the network card that users reach, and at no other. */
  livekitPublic: boolean | undefined;
  /** Slides are for those in the meeting only, and name the page that may show them. */
  guardedSlides: boolean | undefined;
}

/** Why what depends on the release is not checked. */
export const unknownRelease = "neither the node's API nor SSH tells its release to this machine";

/** The features of a release such as 3.0.30; of one that is not known only what all since 3.0 have. */
export function featuresOf(release?: string): Features {
  const since = (first: string) => (release === undefined ? undefined : isSince(release, first));
  const not = (known: boolean | undefined) => (known === undefined ? undefined : !known);
  return {
    meteor: since(staticClientSince) === false,
    sip: not(since("3.0.37")),
    etherpad: not(since("4.0.0")),
    etherpadOptional: since("4.0.0") && not(since("4.1.0")),
    blockNote: since("3.0.25"),
    livekit: since(staticClientSince) !== false,
    livekitOptional: since(staticClientSince) && not(since("4.0.0")),
    livekitPublic: since("3.0.28"),
    guardedSlides: since("3.0.27"),
  };
}

/** The check where a release has the feature, none where it has not; where nobody knows, it is not made. */
export function where(feature: boolean | undefined, check: Check): Check[] {
  return feature === false ? [] : [unless(feature === undefined && unknownRelease, check)];
}
