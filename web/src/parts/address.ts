import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';

export type Address = Record<string, string | undefined>;

/**
 * Filters and tabs of a page, which live in its address, so that a link or a reload shows the same. A change of a filter begins
 * again at the first page of the list.
 */
export function useAddress(): [Address, (change: Address, replace?: boolean) => void] {
  const search = useSearch({ strict: false }) as Address;
  const navigate = useNavigate();
  const change = useCallback(
    (next: Address, replace = false) =>
      void navigate({
        to: '.', replace,
        search: ((old: Address) => {
          const all: Address = { ...old, after: undefined, ...next };
          return Object.fromEntries(Object.entries(all).filter(([, v]) => v));
        }) as never,
      }),
    [navigate],
  );
  return [search, change];
}
