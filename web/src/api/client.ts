import createFetchClient from 'openapi-fetch';
import createQueryClient from 'openapi-react-query';
import { QueryCache, QueryClient } from '@tanstack/react-query';
import type { components, paths } from './schema';

export type Schemas = components['schemas'];
export type Problem = Partial<Schemas['Problem']> & { message?: string };

/** The API's client, made from openapi.yaml. Types, addresses and parameters are checked when the page is built. */
export const client = createFetchClient<paths>({ baseUrl: '/api/v1/' });
client.use({
  onResponse: async ({ response }) => {
    if (response.ok || response.headers.get('content-type')?.includes('json')) return undefined;
    // A proxy in between answers with pages of its own.
    return Response.json({ status: response.status, title: response.statusText, code: 'unavailable' }, { status: response.status });
  },
});

export const api = createQueryClient(client);

/** Called when the API says that nobody is signed in. */
export const signedOut = { tell: () => {} };

const ended = (error: unknown) => (error as Problem)?.status === 401;

export const queries = new QueryClient({
  // That nobody is signed in is the answer of /session, and news from everything else.
  queryCache: new QueryCache({ onError: (error, query) => { if (ended(error) && query.queryKey[1] !== '/session') signedOut.tell(); } }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      refetchOnWindowFocus: true,
      retry: (count, error) => count < 2 && ![400, 401, 403, 404, 409, 422].includes((error as Problem)?.status ?? 0),
    },
  },
});

/** Has everything below these addresses of the API read again. */
export function refresh(...addresses: string[]) {
  void queries.invalidateQueries({ predicate: ({ queryKey }) => addresses.some((a) => String(queryKey[1]).startsWith(a)) });
}

/** A query without what is empty: the API takes an empty parameter for a value. */
export function filled<T extends Record<string, unknown>>(query: T): T {
  return Object.fromEntries(Object.entries(query).filter(([, v]) => v !== '' && v !== undefined)) as T;
}
