const day = 24 * 60;

/** When a window such as 02:00-05:00 begins, in minutes after midnight, and how long it is; it may end on the next day. */
export function minutesOf(window: string): { begin: number; minutes: number } {
  const [begin = 0, end = 0] = window.split("-").map((time) => {
    const [hours = 0, minutes = 0] = time.split(":").map(Number);
    return hours * 60 + minutes;
  });
  return { begin, minutes: (end - begin + day) % day };
}

/** So many minutes after midnight, perhaps of the next day, as 02:00. */
export function timeOf(minutes: number): string {
  const parts = [Math.floor(minutes / 60) % 24, minutes % 60];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}
