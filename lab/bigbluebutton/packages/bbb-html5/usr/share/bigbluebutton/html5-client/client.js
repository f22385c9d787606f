// The client finds its server by the path in the address bar, as BigBlueButton's does: everything before /html5client/.
const PREFIX = /^(.*)\/html5client\/?$/;

const show = (id, text) => {
  document.getElementById(id).textContent = text;
};

const showStatus = (state, text) => {
  show("status", text);
  document.getElementById("status").className = state;
};

async function fetchJson(url, options) {
  const response = await fetch(url, options);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return await response.json();
}

async function translate() {
  const available = (await fetchJson("locales/")).map(({ name }) => name.replace(".json", ""));
  const wanted = navigator.languages.map((language) => language.slice(0, 2));
  const texts = await fetchJson(`locales/${wanted.find((language) => available.includes(language)) ?? "en"}.json`);
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = texts[element.dataset.text];
  return texts;
}

async function findServer() {
  const [, prefix] = PREFIX.exec(location.pathname) ?? [];
  if (prefix === undefined) throw new Error(`${location.pathname} does not end in /html5client/`);
  const url = `${location.protocol}//${location.hostname}${prefix}/bigbluebutton/api`;
  const { response } = await fetchJson(url, { headers: { "Content-Type": "application/json" } });
  return response;
}

function loadChunk(name) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = name;
    script.onload = resolve;
    script.onerror = () => reject(new Error(`${name} could not be loaded`));
    document.head.append(script);
  });
}

function connect(url, sessionToken) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, "graphql-transport-ws");
    socket.onopen = () =>
      socket.send(
        JSON.stringify({ type: "connection_init", payload: { headers: { "X-Session-Token": sessionToken } } }),
      );
    socket.onmessage = ({ data }) => {
      if (JSON.parse(data).type === "connection_ack") resolve();
    };
    socket.onclose = ({ code, reason }) => reject(new Error(`${url} was closed: ${code} ${reason}`));
  });
}

async function start() {
  const sessionToken = new URLSearchParams(location.search).get("sessionToken");
  show("session", sessionToken ?? "");
  const texts = await translate();
  showStatus("pending", texts["app.connecting"]);
  try {
    const server = await findServer();
    show("websocket", server.graphqlWebsocketUrl);
    show("api", server.graphqlApiUrl);
    await Promise.all(CHUNKS.map(loadChunk));
    if (!sessionToken) throw new Error("no sessionToken in the address");
    await connect(server.graphqlWebsocketUrl, sessionToken);
    await fetchJson(`${server.graphqlApiUrl}/meetingStaticData?sessionToken=${sessionToken}`, {
      credentials: "include",
    });
    showStatus("connected", texts["app.connected"]);
  } catch (error) {
    showStatus("failed", `${texts["app.failed"]}: ${error.message}`);
  }
}

start();
