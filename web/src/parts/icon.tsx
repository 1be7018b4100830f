// Drawn on a grid of 24, in the style of the common line icons.
const paths: Record<string, string> = {
  gauge: 'M4 13h6V4H4zM14 20h6v-9h-6zM4 20h6v-3H4zM14 7h6V4h-6z',
  store: 'M4 9l1.5-5h13L20 9M4 9v11h16V9M4 9a2.7 2.7 0 005.3 0 2.7 2.7 0 005.4 0A2.7 2.7 0 0020 9M10 20v-6h4v6',
  play: 'M5 4v16M9 6h10M9 12h10M9 18h6',
  queue: 'M4 6h16M4 12h16M4 18h10',
  log: 'M6 3h9l4 4v14H6zM9 12h7M9 16h7M9 8h3',
  why: 'M12 21a9 9 0 100-18 9 9 0 000 18zM9.5 9.5a2.5 2.5 0 114 2c-1 .7-1.5 1.2-1.5 2.5M12 17h.01',
  order: 'M4 5h2l2.5 10h9L20 8H7M9 20h.01M17 20h.01',
  box: 'M12 3l8 4.5v9L12 21l-8-4.5v-9zM4 7.5l8 4.5 8-4.5M12 12v9',
  people: 'M9 11a4 4 0 100-8 4 4 0 000 8zM2 21a7 7 0 0114 0M16 3.5a4 4 0 010 7M22 21a7 7 0 00-4-6.3',
  tag: 'M3 12V3h9l9 9-9 9zM7.5 7.5h.01',
  link: 'M10 14a4 4 0 006 0l3-3a4 4 0 00-6-6l-1 1M14 10a4 4 0 00-6 0l-3 3a4 4 0 006 6l1-1',
  hook: 'M12 12l-4 7a4 4 0 11-2-7M12 12l4 0a4 4 0 110 0M12 12l-3-6a4 4 0 116 0',
  chart: 'M4 20V4M4 20h16M8 16v-5M12 16V8M16 16v-3',
  flow: 'M5 4h6v5H5zM13 15h6v5h-6zM8 9v3h8v3',
  clock: 'M12 21a9 9 0 100-18 9 9 0 000 18zM12 7v5l3 2',
  key: 'M8 19a5 5 0 100-10 5 5 0 000 10zM11.5 10.5L20 3M16 7l3 3',
  book: 'M4 4h7a2 2 0 012 2v14a2 2 0 00-2-2H4zM20 4h-5a2 2 0 00-2 2v14a2 2 0 012-2h5z',
  search: 'M11 18a7 7 0 100-14 7 7 0 000 14zM16 16l5 5',
  sun: 'M12 16a4 4 0 100-8 4 4 0 000 8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.5 1.5M17.5 17.5L19 19M5 19l1.5-1.5M17.5 6.5L19 5',
  moon: 'M20 14.5A8.5 8.5 0 119.5 4 7 7 0 0020 14.5z',
  out: 'M10 4H5v16h5M14 8l4 4-4 4M18 12H9',
  user: 'M12 12a4 4 0 100-8 4 4 0 000 8zM4 21a8 8 0 0116 0',
  stack: 'M12 4l8 4-8 4-8-4zM4 12l8 4 8-4M4 16l8 4 8-4',
  mail: 'M3 5h18v14H3zM3 6l9 7 9-7',
  truck: 'M3 6h11v10H3zM14 10h4l3 3v3h-7M7 19a2 2 0 100-4 2 2 0 000 4zM17 19a2 2 0 100-4 2 2 0 000 4z',
};

export function Icon({ name, size = 17 }: { name: string; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.7" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true" style={{ flex: 'none' }}>
      <path d={paths[name]} />
    </svg>
  );
}
