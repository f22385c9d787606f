/** The presentation that is shown: the address of each page, and what uploading the next one needs. */
export interface Presentation {
  presentationId: string;
  uploadToken: string;
  pages: string[];
}

/** A meeting as one of its users is told about it, again at each change. */
export interface Meeting {
  meetingId: string;
  name: string;
  userName: string;
  users: string[];
  presentation: Presentation;
  sharedNotesEditor: "etherpad" | "blockNote";
  padId: string;
  audioBridge: "livekit" | "bbb-webrtc-sfu";
  livekitToken: string | null;
}
