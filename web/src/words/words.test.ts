import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import de from './de.json';
import en from './en.json';

const flat = (words: object, at = ''): [string, string][] =>
  Object.entries(words).flatMap(([k, v]) => (typeof v === 'string' ? [[at + k, v] as [string, string]] : flat(v as object, `${at}${k}.`)));

const english = new Map(flat(en));
const german = new Map(flat(de));
const places = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((m) => m[1]).toSorted();

describe('words', () => {
  it('are there in each language', () => {
    expect([...german.keys()].toSorted()).toEqual([...english.keys()].toSorted());
    for (const [key, text] of [...english, ...german]) expect(text.trim(), key).not.toBe('');
  });

  it('name the same values in each language', () => {
    for (const [key, text] of english) expect(places(german.get(key)!), key).toEqual(places(text));
  });

  it('are there for whatever the page says', () => {
    const source = (readdirSync('src', { recursive: true }) as string[])
      .filter((f) => /\.tsx?$/.test(f) && !f.includes('.test.')).map((f) => readFileSync(join('src', f), 'utf8')).join('\n');
    const said = [...source.matchAll(/\bt\('([\w.]+)'/g)].map((m) => m[1]!);
    expect(said.length).toBeGreaterThan(50);
    expect([...new Set(said)].filter((key) => !english.has(key) && !english.has(`${key}_other`))).toEqual([]);
  });
});
