export function Mark() {
  return (
    <svg width="26" height="26" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#4f46e5" />
      <path d="M10 20l5-8h6M15 12l4 8" fill="none" stroke="#fff" strokeWidth="2.5" strokeLinecap="round" strokeLinejoin="round" />
      <circle cx="10" cy="20" r="5" fill="none" stroke="#fff" strokeWidth="2.5" /><circle cx="22" cy="20" r="5" fill="none" stroke="#fff" strokeWidth="2.5" />
    </svg>
  );
}
