import i18next from 'i18next';

const units: [Intl.RelativeTimeFormatUnit, number][] = [['day', 86_400], ['hour', 3_600], ['minute', 60]];

const fortnight = 14 * 86_400;

/** "3 minutes ago", in the reader's language; what is weeks away is said by its date. */
export function ago(time: string, now = Date.now()) {
  const seconds = (new Date(time).getTime() - now) / 1000;
  if (Math.abs(seconds) > fortnight) return new Date(time).toLocaleDateString(i18next.language, { dateStyle: 'medium' });
  const format = new Intl.RelativeTimeFormat(i18next.language, { numeric: 'auto', style: 'short' });
  for (const [unit, size] of units) if (Math.abs(seconds) >= size) return format.format(Math.round(seconds / size), unit);
  return format.format(Math.round(seconds), 'second');
}

/** The exact time in the reader's zone, with the zone. */
export const exact = (time: string) =>
  new Date(time).toLocaleString(i18next.language, { dateStyle: 'medium', timeStyle: 'long' });

export const count = (n: number) => n.toLocaleString(i18next.language);

/** A decimal string as money; the digits are the API's, only separators are the reader's. */
export function money(amount: string | undefined, currency: string) {
  if (amount === undefined || amount === '') return '';
  const digits = amount.split('.')[1]?.length ?? 0;
  const options: Intl.NumberFormatOptions = { minimumFractionDigits: Math.max(digits, 2), maximumFractionDigits: Math.max(digits, 2) };
  return `${new Intl.NumberFormat(i18next.language, options).format(amount as Intl.StringNumericLiteral)} ${currency}`;
}

/** What the API says begins small, as it may stand within a sentence. */
export const sentence = (text = '') => text.charAt(0).toLocaleUpperCase(i18next.language) + text.slice(1);

export function duration(ms: number) {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1_000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${Math.round(seconds % 60)} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
