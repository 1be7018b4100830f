/** Ids as people paste them: separated by commas, blanks or lines, with a # before or not; doubled ones once. */
export const idsOf = (text: string) => [...new Set(text.split(/[\s,;]+/).map((id) => id.replace(/^#/, '')).filter(Boolean))];

/** The most ids the API takes in one operation. */
export const mostIds = 1_000;

/** A day of a date field as the moment it begins at in the reader's zone; the day after it for the end of a range. */
export function moment(day: string, end = false) {
  const at = new Date(`${day}T00:00:00`);
  if (end) at.setDate(at.getDate() + 1);
  return at.toISOString();
}
