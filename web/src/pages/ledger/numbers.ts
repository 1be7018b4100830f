/** A number as people type it, with a comma or a point, as the API takes it; undefined for what is none, or below zero. */
export function number(text: string): string | undefined {
  const plain = text.trim().replace(',', '.');
  return /^\d{1,12}(\.\d{1,6})?$/.test(plain) ? plain : undefined;
}

/** a − b of two decimal strings, exactly; never below zero. */
export function less(a: string, b: string): string {
  const digits = Math.max(a.split('.')[1]?.length ?? 0, b.split('.')[1]?.length ?? 0);
  const whole = (s: string) => BigInt((s.split('.')[0] ?? '') + (s.split('.')[1] ?? '').padEnd(digits, '0'));
  const rest = whole(a) - whole(b);
  if (rest <= 0n) return '0';
  const text = rest.toString().padStart(digits + 1, '0');
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`.replace(/\.?0+$/, '');
}
