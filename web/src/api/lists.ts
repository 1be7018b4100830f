import { api } from './client';

/** What nearly every page needs: instances, entities, ERPs. They change rarely and are kept for a minute. */
const kept = { staleTime: 60_000 };

export const useInstances = () => api.useQuery('get', '/instances', {}, { staleTime: 10_000 });
export const useEntities = () => api.useQuery('get', '/entities', {}, kept);
export const useErps = () => api.useQuery('get', '/erps', {}, kept);
export const useVersion = () => api.useQuery('get', '/version', {}, kept);

/** The ids of the instances on the ledger; nothing until they are known. */
export const useLedgers = () => useInstances().data?.items.filter((i) => i.backend === 'ledger').map((i) => i.id);

/** Whether an instance is on the ledger, whose records can be edited here; without one, whether any is. */
export function useOnLedger(instance?: string) {
  const { data } = useInstances();
  return data?.items.some((i) => i.backend === 'ledger' && (!instance || i.id === instance)) ?? false;
}
