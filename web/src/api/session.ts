import { api, queries, signedOut, type Schemas } from './client';

/** What the person at this page may do. The buttons follow it; the API decides. */
export interface May { operate: boolean; admin: boolean }

const key = ['get', '/session', {}];

signedOut.tell = () => void queries.resetQueries({ queryKey: key });

export const useSession = () => api.useQuery('get', '/session', {}, { staleTime: 60_000 });

export function mayOf(role?: Schemas['Scope']): May {
  return { operate: role === 'operator' || role === 'admin', admin: role === 'admin' };
}

export const useMay = () => mayOf(useSession().data?.role);

/** Forgets all that was read for whoever was signed in, and asks who is now. */
export function otherPerson() {
  void queries.resetQueries();
}
