// What arrives of other users' sound and picture, from which address, and which addresses were offered.
{
  const connections = [];
  const offered = new Set();
  // Foundation, component, protocol and priority, then the address.
  const noteOffers = (text) => {
    for (const [, address] of text.matchAll(/candidate:(?:\S+ ){4}(\S+)/g)) offered.add(address);
  };
  window.RTCPeerConnection = class extends window.RTCPeerConnection {
    constructor(...rest) {
      super(...rest);
      connections.push(this);
    }

    setRemoteDescription(description, ...rest) {
      noteOffers(description?.sdp ?? "");
      return super.setRemoteDescription(description, ...rest);
    }

    addIceCandidate(candidate, ...rest) {
      noteOffers(candidate?.candidate ?? "");
      return super.addIceCandidate(candidate, ...rest);
    }
  };

  const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

  const received = (user, kind) => {
    const element = document.querySelector(`[data-origin="remote"][data-user="${user}"] ${kind}`);
    if (!element) throw new Error(`no ${kind} of ${user} has arrived`);
    return element;
  };

  window.mediaProbe = {
    /** Width of a user's picture in pixels, and how many frames of it were shown within a second. */
    async picture(user) {
      const video = received(user, "video");
      const shown = () => video.getVideoPlaybackQuality().totalVideoFrames;
      const before = shown();
      await pause(1000);
      return { width: video.videoWidth, frames: shown() - before };
    },

    /** Whether a user's sound is muted, and the loudest sample of it (0 to 1) within `seconds`. */
    async sound(user, seconds) {
      const { srcObject } = received(user, "audio");
      const [track] = srcObject.getAudioTracks();
      const audio = new AudioContext();
      const analyser = audio.createAnalyser();
      audio.createMediaStreamSource(srcObject).connect(analyser);
      const samples = new Float32Array(analyser.fftSize);
      let loudest = 0;
      for (let waited = 0; waited < seconds * 1000 && loudest < 0.01; waited += 20) {
        await pause(20);
        analyser.getFloatTimeDomainData(samples);
        for (const sample of samples) loudest = Math.max(loudest, Math.abs(sample));
      }
      await audio.close();
      return { muted: track.muted, loudest };
    },

    /** The far ends of all connections that carry media: address, port and protocol, and whether TURN is between. */
    async farEnds() {
      const ends = new Set();
      for (const connection of connections) {
        const report = await connection.getStats();
        for (const transport of report.values()) {
          const pair = transport.type === "transport" && report.get(transport.selectedCandidatePairId);
          if (!pair) continue;
          const { address, port, protocol } = report.get(pair.remoteCandidateId);
          const isRelayed = report.get(pair.localCandidateId).candidateType === "relay";
          ends.add(`${address} ${protocol}/${port}${isRelayed ? " relayed" : ""}`);
        }
      }
      return [...ends];
    },

    /** The addresses at which the media server said that it can be reached. */
    offers() {
      return [...offered];
    },
  };
}
