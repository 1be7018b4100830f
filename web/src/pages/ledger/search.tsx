import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAddress } from '../../parts/address';

/** A search that is kept in the address. */
export function Search() {
  const { t } = useTranslation();
  const [{ search }, change] = useAddress();
  const [text, setText] = useState(search ?? '');
  return (
    <form onSubmit={(e) => { e.preventDefault(); change({ search: text.trim() || undefined }); }}>
      <TextInput w={280} placeholder={t('ledger.search')} aria-label={t('ledger.search')} value={text} onChange={(e) => { setText(e.currentTarget.value); if (!e.currentTarget.value) change({ search: undefined }); }} />
    </form>
  );
}
