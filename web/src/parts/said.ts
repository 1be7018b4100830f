import i18next from 'i18next';
import en from '../words/en.json';
import { wordFor } from '../words/words';
import { sentence } from './format';

/** The language of the API's texts. */
const spoken = 'en';

/** What a code stands for in the reader's language; nothing for one that has no words, such as a store's own. */
export function meaningOf(code?: string): string | undefined {
  if (!code) return undefined;
  if (i18next.exists(`code.${code}`)) return i18next.t(`code.${code}`);
  if (/^woocommerce_rest_(authentication|cannot)_/.test(code)) return i18next.t('code.unauthorized');
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

/** What the page calls a field of the configuration, by its path: "config.order.statuses[2]". Nothing for other fields. */
export function fieldOf(path: string): string | undefined {
  const key = path.replace(/\[\d+\].*$/, '');
  return /^config(\.\w+){2,}$/.test(key) && i18next.exists(key) ? i18next.t(key) : undefined;
}

const wordIn = (group: string, value: string) => (i18next.exists(`${group}.${value}`) ? wordFor(group, value) : undefined);

/** What a step of the log is about: a step of a sale workflow, a record by its id, or something that comes along with one. */
function subjectOf(text: string): string | undefined {
  if (text === 'run') return i18next.t('orders.workflow');
  const [, name = '', id = ''] = /^([a-z_]+)( \S+)?$/.exec(text) ?? [];
  const word = (id ? undefined : wordIn('step', name) ?? wordIn('logs.part', name)) ?? wordIn('entity', name);
  return word && word + id;
}

/** What can stand within a note, by the name that it has there. */
const named: Record<string, (text: string) => string | undefined> = {
  state: (text) => wordIn('state', text),
  what: (text) => subjectOf(text) ?? text,
  why: (text) => noteOf(text) ?? meaningOf(text) ?? text,
  choice: (text) => choiceOf('cancel_needs_person', { name: text, means: text }),
};

const place = /\{\{(\w+)\}\}/g;

/** The notes that the program writes, found by their English words; the longest first, as others are beginnings of it. */
const notes = Object.entries(en.note)
  .map(([key, said]) => ({ key, words: said.replace(place, '').length, pattern: new RegExp(`^${said.replace(/[.*+?^$()[\]|]/g, String.raw`\$&`).replace(place, '(?<$1>.+?)')}$`) }))
  .toSorted((a, b) => b.words - a.words);

function noteOf(text: string): string | undefined {
  for (const { key, pattern } of notes) {
    const found = pattern.exec(text);
    if (!found) continue;
    const within = Object.entries(found.groups ?? {}).map(([name, value]) => [name, name in named ? named[name]!(value) : value]);
    if (within.every(([, value]) => value !== undefined)) return i18next.t(`note.${key}`, Object.fromEntries(within) as Record<string, string>);
  }
  return undefined;
}

/** What was done along the way, in the reader's language: "contact created", "invoice done", "status processing → completed". What the page has no words for stays as the API says it. */
export function stepOf(text: string): string {
  if (i18next.language === spoken) return text;
  const note = noteOf(text);
  if (note) return note;
  const [, subject = '', state = '', fields = ''] = /^(.+?) ([a-z_]+)((?: "[^"]+")*)$/.exec(text) ?? [];
  const [word, became] = [subjectOf(subject), wordIn('state', state)];
  return word && became ? `${word}: ${became}${fields}` : text;
}
