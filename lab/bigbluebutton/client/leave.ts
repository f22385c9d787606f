import { element, showStatus } from "./page";
import type { Texts } from "./texts";

const RATINGS = [1, 2, 3, 4, 5];

/** Puts the button to work by which a user leaves; where feedback is sent, the user is then asked for it. */
export function offerLeaving(
  texts: Texts,
  leave: () => Promise<void>,
  send?: (rating: number) => Promise<boolean>,
): void {
  element("leave").onclick = async () => {
    await leave();
    showStatus("pending", texts["app.left"] ?? "");
    element<HTMLDialogElement>("left").showModal();
  };
  element("feedback").hidden = send === undefined;
  if (!send) return;
  const rate = async (rating: number) => {
    if (await send(rating)) element("thanks").textContent = texts["app.thanks"] ?? "";
  };
  element("ratings").replaceChildren(...RATINGS.map((rating) => ratingButton(rating, rate)));
}

function ratingButton(rating: number, rate: (rating: number) => Promise<void>): HTMLElement {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "★".repeat(rating);
  button.dataset["rating"] = String(rating);
  button.onclick = () => rate(rating);
  return button;
}
