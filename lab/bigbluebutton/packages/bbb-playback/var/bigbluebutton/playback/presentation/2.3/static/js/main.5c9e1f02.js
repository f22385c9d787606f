// The player, as much of it as the lab needs: a recording by its address, its name, and its webcams.
const record = /^\/playback\/presentation\/2\.3\/([0-9a-f]{40}-[0-9]+)$/.exec(location.pathname)?.[1];
const say = (id, text) => {
  document.getElementById(id).textContent = text;
};

async function play() {
  const answer = await fetch(`/presentation/${record}/metadata.xml`);
  if (record === undefined || !answer.ok) return say("error", `Error ${answer.status}: the recording was not found`);
  const metadata = new DOMParser().parseFromString(await answer.text(), "application/xml");
  say("name", metadata.querySelector("meta > meetingName")?.textContent ?? record);
  const video = document.getElementById("webcams");
  video.onerror = () => say("error", `the video cannot be played: ${video.error?.message}`);
  video.src = `/presentation/${record}/video/webcams.webm`;
  await video.play();
}

play().catch((error) => say("error", String(error)));
