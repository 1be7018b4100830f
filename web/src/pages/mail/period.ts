/** The month before a day, as reports name it: 2026-03. */
export function lastMonth(day: Date): string {
  const first = new Date(Date.UTC(day.getFullYear(), day.getMonth() - 1, 1));
  return first.toISOString().slice(0, 7);
}
