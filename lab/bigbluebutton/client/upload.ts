import type { Meeting } from "./meeting";
import { ask } from "./request";

/** Uploads a presentation; resolves to what to tell. The meeting's next change brings its slides. */
export async function upload(endpoint: string, file: File, meeting: Meeting): Promise<string> {
  const form = new FormData();
  form.append("conference", meeting.meetingId);
  form.append("room", meeting.meetingId);
  form.append("pod_id", "DEFAULT_PRESENTATION_POD");
  form.append("is_downloadable", "false");
  form.append("current", "true");
  form.append("fileUpload", file);
  const url = endpoint.replace(/\/upload$/, `/${meeting.presentation.uploadToken}/upload`);
  await (await ask(url, { method: "POST", body: form, credentials: "include" })).text();
  return `${file.name} is uploaded`;
}
