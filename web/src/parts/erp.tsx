import { Button, Menu } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../api/client';
import { useErps, useInstances } from '../api/lists';

/** The pages here about records of the ledger, by kind. */
const ledgerPages: Record<string, string> = { product: 'products', customer: 'partners', coupon: 'coupons', order: 'orders' };

/** The address of a record in the ERP's own pages. A product's id may name a variant behind a slash: its page is the product's. */
export function erpAddress(instance: Pick<Schemas['Instance'], 'erp_pages'> | undefined, kind: string, id: string) {
  return instance?.erp_pages?.[kind]?.record?.replace('{id}', encodeURIComponent(id.split('/')[0]!)) || undefined;
}

interface Props { instance: string; kind: string; id?: string; children?: ReactNode }

/** A record of the ERP, by its id or what is said instead: a link to where it is worked with, here on the ledger and otherwise in the ERP itself. */
export function ErpRecord({ instance, kind, id, children }: Props) {
  const at = useInstances().data?.items.find((i) => i.id === instance);
  const shown = children ?? <span className="mono">{id}</span>;
  if (!id) return shown;
  const page = at?.backend === 'ledger' && ledgerPages[kind];
  if (page) return <Link to={`/ledger/${page}/${id.split('/')[0]}` as never}>{shown}</Link>;
  const address = erpAddress(at, kind, id);
  return address ? <a href={address} target="_blank" rel="noreferrer">{shown}</a> : shown;
}

/** Opens a record in the ERP's own pages; nothing on the ledger, whose pages are these. */
export function OpenInErp({ instance, kind, id }: Props) {
  const { t } = useTranslation();
  const at = useInstances().data?.items.find((i) => i.id === instance);
  const title = useErps().data?.items.find((e) => e.name === at?.backend)?.title ?? at?.backend;
  const address = id && erpAddress(at, kind, id);
  return address ? <Button variant="default" component="a" href={address} target="_blank" rel="noreferrer">{t('record.inErp', { erp: title })}</Button> : null;
}

/** Lists in the ERP's own pages, of each instance that is on such an ERP. */
export function ErpLists({ kinds, instance }: { kinds: readonly string[]; instance?: string }) {
  const { data } = useInstances();
  const erps = useErps().data?.items;
  return data?.items.filter((i) => i.erp_pages && (!instance || i.id === instance)).map((i) => (
    <Menu key={i.id} position="bottom-end">
      <Menu.Target><Button variant="default">{erps?.find((e) => e.name === i.backend)?.title ?? i.backend}{!instance && data.items.length > 1 && ` · ${i.name}`}</Button></Menu.Target>
      <Menu.Dropdown><ErpListItems instance={i} kinds={kinds} /></Menu.Dropdown>
    </Menu>
  ));
}

export function ErpListItems({ instance, kinds }: { instance: Schemas['Instance']; kinds: readonly string[] }) {
  const { t } = useTranslation();
  return kinds.filter((kind) => instance.erp_pages?.[kind]?.list).map((kind) => (
    <Menu.Item key={kind} component="a" href={instance.erp_pages![kind]!.list} target="_blank" rel="noreferrer">{t(`erpList.${kind}`)}</Menu.Item>
  ));
}
