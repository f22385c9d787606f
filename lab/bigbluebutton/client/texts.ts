import { askJson } from "./request";

/** The texts of the page in one language. */
export type Texts = Readonly<Record<string, string>>;

/** Fetches the list of translations below `folder`, then the first one that the browser's user reads, and fills the page. */
export async function translate(folder: string): Promise<Texts> {
  const listed = await askJson<{ name: string }[]>(`${folder}/`);
  const available = listed.map(({ name }) => name.replace(".json", ""));
  const wanted = navigator.languages.map((language) => language.slice(0, 2));
  const language = wanted.find((candidate) => available.includes(candidate)) ?? "en";
  const texts = await askJson<Texts>(`${folder}/${language}.json`);
  document.documentElement.lang = language;
  for (const place of document.querySelectorAll<HTMLElement>("[data-text]")) {
    place.textContent = texts[place.dataset["text"] ?? ""] ?? "";
  }
  return texts;
}
