import { describe, expect, it } from 'vitest';
import { translator } from '../../src/i18n/translator.ts';

const t = translator({
  zh: { hello: '你好，{name}。', none: '无' },
  en: { hello: 'Hello, {name}.', none: 'none' },
});

describe('translator', () => {
  it('fills in values by name', () => {
    expect(t('zh', 'hello', { name: '读者' })).toBe('你好，读者。');
    expect(t('en', 'hello', { name: 3 })).toBe('Hello, 3.');
  });

  it('leaves a name without a value as it stands, where a test of the page will see it', () => {
    expect(t('en', 'hello')).toBe('Hello, {name}.');
  });
});
