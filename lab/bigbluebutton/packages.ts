/** What dpkg must know of a package; its files lie in `packages/<name>/`, whose paths mirror the target. */
export interface PackageDefinition {
  description: string;
  depends: readonly string[];
}

/** The simulated packages; each depends on the same release of the other BigBlueButton packages that it names. */
export const PACKAGES: Readonly<Record<string, PackageDefinition>> = {
  bigbluebutton: {
    description: "everything that makes a BigBlueButton server",
    depends: [
      ...["bbb-web", "bbb-html5", "bbb-apps-akka", "bbb-graphql-middleware", "bbb-graphql-server"],
      ...["bbb-webrtc-sfu", "bbb-etherpad", "bbb-learning-dashboard", "bbb-record-core", "bbb-playback"],
      ...["bbb-livekit", "bbb-shared-notes-server", "bbb-freeswitch-core"],
    ],
  },
  "bbb-config": {
    description: "bbb-conf, the systemd target, nginx includes and what the services share",
    depends: ["nginx", "python3", "python3-yaml"],
  },
  "bbb-web": { description: "the API", depends: ["bbb-config"] },
  "bbb-record-core": {
    description: "what makes recordings of meetings that have ended",
    depends: ["bbb-config", "redis-server"],
  },
  "bbb-html5": { description: "the client in the browser", depends: ["bbb-config"] },
  "bbb-apps-akka": { description: "the meeting server, which reads the client's settings", depends: ["bbb-config"] },
  "bbb-graphql-middleware": { description: "the websocket in front of GraphQL", depends: ["bbb-config"] },
  "bbb-graphql-server": { description: "the GraphQL server and its REST end points", depends: ["bbb-config"] },
  "bbb-freeswitch-core": { description: "the audio bridge's port for browsers", depends: ["bbb-config"] },
  "bbb-webhooks": { description: "who is told of events", depends: ["bbb-web"] },
  "bbb-webrtc-sfu": { description: "the media server's websocket", depends: ["bbb-config"] },
  "bbb-etherpad": { description: "shared notes", depends: ["bbb-config"] },
  "bbb-livekit": { description: "configuration and unit of LiveKit", depends: ["bbb-config", "livekit-server"] },
  "bbb-shared-notes-server": { description: "shared notes of BlockNote", depends: ["bbb-config", "nodejs"] },
  "bbb-playback": { description: "the player of recordings", depends: ["bbb-config"] },
  "bbb-learning-dashboard": { description: "the learning dashboard", depends: ["bbb-config"] },
};
