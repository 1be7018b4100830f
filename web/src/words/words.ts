import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import de from './de.json';
import en from './en.json';

export const languages = { en: 'English', de: 'Deutsch' };
const kept = 'tandem-language';

function preferred() {
  const chosen = localStorage.getItem(kept) ?? navigator.language.slice(0, 2);
  return chosen in languages ? chosen : 'en';
}

void i18next.use(initReactI18next).init({
  lng: preferred(),
  fallbackLng: 'en',
  resources: { en: { translation: en }, de: { translation: de } },
  interpolation: { escapeValue: false }, // React escapes
  initAsync: false,
});
document.documentElement.lang = i18next.language;

export async function speak(language: string) {
  localStorage.setItem(kept, language);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}

/** The word for a value of the API, such as a state or an entity; the value itself where there is no word for it. */
export const wordFor = (group: string, value?: string) => (value ? i18next.t(`${group}.${value}`, { defaultValue: value.replaceAll('_', ' ') }) : '');
