import { ActionIcon, FileButton, Button, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { client, type Schemas } from '../../api/client';
import { useMay } from '../../api/session';
import { useAct, useConfirm } from '../../parts/act';
import { Card } from '../../parts/page';

type Product = Schemas['LedgerProduct'];
const taken = 'image/jpeg,image/png,image/gif,image/webp';
const most = 10 * 1024 * 1024;

/** The API knows an image by the SHA-256 of its bytes. */
async function digestOf(file: Blob) {
  const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
  return [...sum].map((b) => b.toString(16).padStart(2, '0')).join('');
}

/** The digest in the address of an image whose bytes the ledger keeps. */
export const keptAs = (i: Schemas['LedgerImage']) => (i.url ? undefined : /^sha256:([0-9a-f]{64})$/.exec(i.digest ?? '')?.[1]);

/** The gallery of a product: images are added from files and taken off again. */
export function Images({ product: p }: { product: Product }) {
  const { t } = useTranslation();
  const may = useMay();
  const [act, busy] = useAct();
  const confirm = useConfirm();
  const images = p.images ?? [];
  const refresh = ['/ledger', '/links'];
  const put = async (file: File | null) => {
    if (!file) return;
    const body = file as never;
    await act(async () => client.PUT('/ledger/products/{id}/images/{digest}', {
      params: { path: { id: p.id, digest: await digestOf(file) }, query: { alt: file.name.replace(/\.\w+$/, '') } }, body, bodySerializer: (b) => b as never, headers: { 'Content-Type': 'application/octet-stream' },
    }), { said: t('ledger.imageAdded'), refresh });
  };
  const take = (digest: string) => confirm(t('ledger.imageRemove'), t('ledger.imageRemoveHelp'), () => void act(() => client.DELETE('/ledger/products/{id}/images/{digest}', { params: { path: { id: p.id, digest } } }), { said: t('ledger.imageRemoved'), refresh }), true);
  if (images.length === 0 && !may.operate) return null;
  // Without https the browser gives pages no way to add up digests.
  const able = globalThis.isSecureContext;
  return (
    <Card title={t('ledger.images')} actions={may.operate && <FileButton accept={taken} onChange={(f) => void (f && f.size > most ? act(async () => ({ error: { status: 413, title: t('ledger.imageLarge'), detail: t('ledger.imageLimits') }, response: new Response() })) : put(f))}>{(props) => <Button {...props} variant="default" loading={busy} disabled={!able} title={able ? undefined : t('ledger.imageHttps')}>{t('ledger.imageAdd')}</Button>}</FileButton>}>
      {images.length === 0 && <Text size="sm" c="dimmed">{t('ledger.noImages')} {t('ledger.imageLimits')}</Text>}
      <Group>
        {images.map((i, at) => {
          const kept = keptAs(i);
          // What came from a store is there; the page loads nothing from other sites.
          if (!kept) return <a key={at} href={i.url} target="_blank" rel="noreferrer" style={{ fontSize: '0.8125rem', overflowWrap: 'anywhere' }}>{i.alt || i.url?.split('/').at(-1)}</a>;
          return (
            <div key={at} style={{ position: 'relative' }}>
              <img src={`/api/v1/ledger/products/${p.id}/images/${kept}`} alt={i.alt ?? ''} width={96} height={96} style={{ objectFit: 'cover', borderRadius: 8, border: '1px solid var(--line)' }} loading="lazy" />
              {may.operate && <ActionIcon variant="default" size="sm" aria-label={`${t('ledger.imageRemove')}: ${i.alt || kept.slice(0, 8)}`} style={{ position: 'absolute', top: 4, right: 4 }} onClick={() => take(kept)}>×</ActionIcon>}
            </div>
          );
        })}
      </Group>
    </Card>
  );
}
