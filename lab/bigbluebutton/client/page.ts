import { LABELS, type State, type Step } from "./steps";

/** The element with that id; the page has every one that the client asks for. */
export function element<T extends HTMLElement = HTMLElement>(id: string): T {
  return document.getElementById(id) as T;
}

/** Lists a step with its state in the side bar. */
export function showStep(step: Step, state: State, text: string): void {
  const row = document.querySelector<HTMLElement>(`[data-step="${step}"]`) ?? addStep(step);
  row.dataset["state"] = state;
  (row.lastElementChild as HTMLElement).textContent = text;
}

function addStep(step: Step): HTMLElement {
  const row = document.createElement("li");
  row.dataset["step"] = step;
  const label = document.createElement("b");
  label.textContent = LABELS[step];
  row.append(label, document.createElement("span"));
  const order = Object.keys(LABELS);
  const rows = [...element("steps").children] as HTMLElement[];
  const next = rows.find((other) => order.indexOf(other.dataset["step"] ?? "") > order.indexOf(step));
  element("steps").insertBefore(row, next ?? null);
  return row;
}

/** What is said beside the meeting's name. */
export function showStatus(state: "pending" | "connected" | "failed", text: string): void {
  element("status").className = state;
  element("status").textContent = text;
}

/** Shows a user's picture, or takes along a sound that has no picture. */
export function addTile(userName: string, media: HTMLMediaElement, origin: "local" | "remote"): void {
  const tile = document.createElement("figure");
  tile.className = "tile";
  tile.dataset["user"] = userName;
  tile.dataset["origin"] = origin;
  const caption = document.createElement("figcaption");
  caption.textContent = userName;
  tile.append(media, caption);
  tile.hidden = media instanceof HTMLAudioElement;
  element("videos").append(tile);
}

/** Takes media elements away, with their tiles. */
export function removeTiles(media: readonly Element[]): void {
  for (const one of media) one.closest(".tile")?.remove();
}
