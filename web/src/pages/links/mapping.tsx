import { Button, Group, Stack, Table, Text, Textarea } from '@mantine/core';
import { modals } from '@mantine/modals';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client, type Schemas } from '../../api/client';
import { useAct } from '../../parts/act';
import { EntitySelect, InstanceSelect } from '../../parts/choices';
import { Reason } from '../../parts/reason';
import { State } from '../../parts/state';

/** Pairs of store and ERP ids, one a line: "4012 17" or "4012,17"; with "instance:" before it for another store. */
export function pairsOf(text: string, instance: string, entity: string): Schemas['NewLink'][] {
  return text.split('\n').map((line) => line.trim()).filter(Boolean).map((line) => {
    const [, named, rest] = /^(?:([\w-]+):)?\s*(.*)$/.exec(line)!;
    const [woo_id = '', erp_id = ''] = rest!.split(/[\s,;=→]+/);
    return { instance: named ?? instance, entity, woo_id, erp_id };
  });
}

/** Maps records that both sides have by hand, one or many at once, checked before anything is kept. */
export function useMapping() {
  const { t } = useTranslation();
  return useCallback((given: { instance?: string; entity?: string; pairs?: string }) => {
    const id = modals.open({ title: t('links.map'), size: 'lg', children: <Mapping {...given} onClose={() => modals.close(id)} /> });
  }, [t]);
}

function Mapping({ instance: i, entity: e, pairs: p, onClose }: { instance?: string; entity?: string; pairs?: string; onClose: () => void }) {
  const { t } = useTranslation();
  const [act, busy] = useAct();
  const [instance, setInstance] = useState<string | null>(i ?? null);
  const [entity, setEntity] = useState<string | null>(e ?? 'product');
  const [text, setText] = useState(p ?? '');
  const [checked, setChecked] = useState<Schemas['LinkResults']>();
  const links = pairsOf(text, instance ?? '', entity ?? '');
  const post = (dry_run: boolean) => client.POST('/links', { body: { links, dry_run, skip_invalid: true } });
  const valid = checked?.results.filter((r) => r.state !== 'refused').length ?? 0;
  return (
    <Stack gap="sm">
      <Group grow><InstanceSelect label={t('word.instance')} value={instance} onChange={setInstance} /><EntitySelect label={t('word.entity')} value={entity} onChange={setEntity} /></Group>
      <Textarea label={t('links.pairs')} description={t('links.pairsHelp')} placeholder={'4012 17\n4013 18'} autosize minRows={4} maxRows={12} value={text} onChange={(x) => { setText(x.currentTarget.value); setChecked(undefined); }} />
      {checked && (
        <Table fz="xs" withRowBorders={false}><Table.Tbody>{checked.results.map((r, at) => <Table.Tr key={at}><Table.Td className="mono">{r.woo_id} → {r.erp_id}</Table.Td><Table.Td><State value={r.state === 'valid' ? 'match' : r.state} /></Table.Td><Table.Td><Reason code={r.code} text={r.reason} /></Table.Td></Table.Tr>)}</Table.Tbody></Table>
      )}
      <Group justify="flex-end">
        {checked && <Text size="xs" c="dimmed">{t('links.checked', { valid, refused: checked.refused })}</Text>}
        <Button variant="default" loading={busy} disabled={!instance || !entity || links.length === 0} onClick={() => void act(() => post(true), { done: setChecked })}>{t('links.check')}</Button>
        <Button loading={busy} disabled={!checked || valid === 0} onClick={() => void act(() => post(false), { said: (r) => t('links.linked', { count: r?.linked ?? 0 }), refresh: ['/links', '/jobs'], done: onClose })}>{t('links.keep')}</Button>
      </Group>
    </Stack>
  );
}
