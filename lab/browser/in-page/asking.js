// Tells the scripted user about each prompt that the browser is about to show: that is, for each device whose permission
// is not decided yet. What becomes of the request is then the browser's affair.
if (navigator.mediaDevices) {
  const getUserMedia = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wish) => {
    for (const [kind, device] of [
      ["audio", "microphone"],
      ["video", "camera"],
    ]) {
      if (!wish[kind]) continue;
      const { state } = await navigator.permissions.query({ name: device });
      if (state === "prompt") await window.askUser(device);
    }
    return await getUserMedia(wish);
  };
}
