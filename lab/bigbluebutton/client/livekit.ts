import { type LocalTrack, Room, RoomEvent, Track } from "livekit-client";

import { addTile, removeTiles } from "./page";

/** Sound and picture by LiveKit: what others send is shown, and what this user shares is sent. */
export class LiveKit {
  private readonly room = new Room();

  /** `lost` hears when the connection ends without this user having left. */
  constructor(lost: (reason: Error) => void) {
    this.room.on(RoomEvent.TrackSubscribed, (track, _publication, sender) => {
      addTile(sender.name || sender.identity, track.attach(), "remote");
    });
    this.room.on(RoomEvent.TrackUnsubscribed, (track) => removeTiles(track.detach()));
    this.room.on(RoomEvent.Disconnected, () => lost(new Error("the connection to LiveKit was lost")));
  }

  /** Connects to the server; resolves to what to tell. */
  async connect(url: string, token: string, iceServers: RTCIceServer[]): Promise<string> {
    await this.room.connect(url, token, { rtcConfig: { iceServers } });
    return `Sound and picture go through ${new URL(url).hostname}`;
  }

  async publish(track: MediaStreamTrack): Promise<void> {
    const source = track.kind === "audio" ? Track.Source.Microphone : Track.Source.Camera;
    await this.room.localParticipant.publishTrack(track, { source });
  }

  async unpublish(track: MediaStreamTrack): Promise<void> {
    await this.room.localParticipant.unpublishTrack(track as unknown as LocalTrack & MediaStreamTrack, true);
  }

  /** Leaves for good. */
  async leave(): Promise<void> {
    this.room.removeAllListeners();
    await this.room.disconnect();
  }
}
