import i18next from 'i18next';
import { wordFor } from '../words/words';
import { sentence } from './format';

/** The language of the API's texts. */
const spoken = 'en';

/** What a code stands for in the reader's language; nothing for one that has no words, such as a store's own. */
export function meaningOf(code?: string): string | undefined {
  if (!code) return undefined;
  if (i18next.exists(`code.${code}`)) return i18next.t(`code.${code}`);
  return code.startsWith('odoo_') ? i18next.t('code.odoo', { name: code.slice('odoo_'.length) }) : undefined;
}

/** Why something is as it is, in one line: what the API says where that is the reader's language, and elsewhere what the code stands for. */
export function reasonOf(code?: string, text?: string): string {
  const meaning = meaningOf(code);
  return (i18next.language === spoken ? sentence(text) || meaning : meaning || sentence(text)) || wordFor('code', code);
}

/** What a person may choose for a record that was parked with a code. */
export const choiceOf = (code: string | undefined, choice: { name: string; means: string }): string =>
  i18next.t(`decision.${code}.${choice.name}`, { defaultValue: choice.means });

const wordIn = (group: string, value: string) => (i18next.exists(`${group}.${value}`) ? wordFor(group, value) : undefined);

/** What a step of the log is about: a step of a sale workflow, a record by its id, or something that comes along with one. */
function subjectOf(text: string): string | undefined {
  if (text === 'run') return i18next.t('orders.workflow');
  const [, stocked] = /^stock of (\S+)$/.exec(text) ?? [];
  if (stocked) return `${wordFor('entity', 'stock')} ${stocked}`;
  const [, name = '', id = ''] = /^([a-z_]+)( \S+)?$/.exec(text) ?? [];
  const word = (id ? undefined : wordIn('step', name) ?? wordIn('logs.part', name)) ?? wordIn('entity', name);
  return word && word + id;
}

/** What was done along the way, in the reader's language: "contact created", "invoice done", "status processing → completed". The rest stays as the API says it. */
export function stepOf(text: string): string {
  if (i18next.language === spoken) return text;
  const [, about, from, to] = /^(status|stock) (.*) → (.*)$/.exec(text) ?? [];
  if (about) return `${about === 'stock' ? wordFor('entity', 'stock') : i18next.t('logs.part.status')} ${from} → ${to}`;
  const [, subject = '', state = '', fields = ''] = /^(.+?) ([a-z_]+)((?: "[^"]+")*)$/.exec(text) ?? [];
  const [word, became] = [subjectOf(subject), wordIn('state', state)];
  return word && became ? `${word}: ${became}${fields}` : text;
}
