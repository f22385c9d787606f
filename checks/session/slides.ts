import { type Check, Mismatch, seen } from "../check";
import type { ClusterNode } from "../cluster";
import type { Features } from "../release";
import { request, text } from "../request";
import type { Attendance } from "./attendance";

/** Slides are shown by a page of the proxy. */
export function slidesCheck(
  { name, hostname }: ClusterNode,
  stay: Attendance,
  { meteor, guardedSlides }: Features,
): Check {
  return {
    name: `${name}: slides`,
    expected: `SVG images from ${hostname}, for the proxy's pages`,
    async run() {
      const { page } = await stay.joined();
      const { pages } = (await stay.meeting()).presentation;
      // Before 3.0.27 they are open to everybody, and between Meteor and then for every page.
      const credentials = meteor || guardedSlides === true;
      const answers = await Promise.all(pages.map((slide) => page.fetch(slide, { credentials })));
      const types = [...new Set(answers.map(({ headers }) => headers["content-type"]))].join(", ");
      return seen(types === "image/svg+xml", `${pages.length} slides as ${types}`);
    },
  };
}

/** Slides are not shown to those who are not in the meeting. */
export function closedSlidesCheck({ name }: ClusterNode, stay: Attendance): Check {
  return {
    name: `${name}: slides without a session`,
    expected: "401",
    async run() {
      const { page } = await stay.joined();
      const [slide = ""] = (await stay.meeting()).presentation.pages;
      const { status } = await request(page.resolve(slide));
      return seen(status === 401, String(status));
    },
  };
}

/** A presentation is uploaded, and its slide is there. */
export function uploadCheck({ name }: ClusterNode, stay: Attendance): Check {
  return {
    name: `${name}: upload`,
    expected: "taken from a page of the proxy, and shown in the meeting",
    async run() {
      const { page } = await stay.joined();
      const endpoint = (await stay.settings()).text("public.presentation.uploadEndpoint");
      const feed = await stay.feed();
      const { presentationId, uploadToken } = feed.first.presentation;
      const address = endpoint.replace(/\/upload$/, `/${uploadToken}/upload`);
      const { headers, body } = form(
        "verification.svg",
        `<svg xmlns="http://www.w3.org/2000/svg"><title>${name}</title></svg>`,
      );
      await page.fetch(address, { method: "POST", headers, body, credentials: true });
      const { presentation } = await feed.next((meeting) => meeting.presentation.presentationId !== presentationId);
      const [slide = ""] = presentation.pages;
      // That pages may show slides is another check's affair.
      const answer = await page.fetchAsNavigation(slide);
      if (!text(answer).includes(`<title>${name}</title>`)) throw new Mismatch(`${slide} is not what was uploaded`);
      return `${address.replace(uploadToken, "…")} took it`;
    },
  };
}

function form(file: string, content: string): { headers: Record<string, string>; body: string } {
  const boundary = "verification-of-the-cluster";
  const head = `Content-Disposition: form-data; name="fileUpload"; filename="${file}"\r\nContent-Type: image/svg+xml`;
  return {
    headers: { "Content-Type": `multipart/form-data; boundary=${boundary}` },
    body: `--${boundary}\r\n${head}\r\n\r\n${content}\r\n--${boundary}--\r\n`,
  };
}
