import { element } from "./page";

const KEY = "bbb-large-text";

/** Restores the user's preferences from the storage that the setting names, and keeps them there; resolves to what to tell. */
export async function keepPreferences(userSettingsStorage: string): Promise<string> {
  const local = userSettingsStorage === "local";
  const storage = local ? localStorage : sessionStorage;
  const box = element<HTMLInputElement>("large-text");
  const apply = () => document.body.classList.toggle("large", box.checked);
  box.checked = storage.getItem(KEY) === "true";
  apply();
  box.onchange = () => {
    storage.setItem(KEY, String(box.checked));
    apply();
  };
  return local ? "Kept in this browser" : "Kept in this tab only";
}
