import { useAddress } from '../../parts/address';

const day = (back: number) => new Date(Date.now() - back * 86_400_000).toISOString().slice(0, 10);

/** The days that the dashboard shows, and how they are put together in charts. */
export function useSpan() {
  const [address] = useAddress();
  const days = Number(address.days ?? 30);
  return { from: day(days - 1), to: day(0), by: days > 90 ? 'month' as const : days > 31 ? 'week' as const : 'day' as const, instance: address.instance };
}
