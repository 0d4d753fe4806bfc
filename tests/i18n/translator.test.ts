import { describe, expect, it } from 'vitest';
import { translator } from '../../src/i18n/translator.ts';

const t = translator({
  './zh/greetings.ts': { hello: '你好，{name}。', images: { other: '{n} 张图像' } },
  './en/greetings.ts': { hello: 'Hello, {name}.', images: { one: 'one image', other: '{n} images' } },
});

describe('translator', () => {
  it('fills in values by name', () => {
    expect(t('zh', 'hello', { name: '读者' })).toBe('你好，读者。');
    expect(t('en', 'hello', { name: 3 })).toBe('Hello, 3.');
  });

  it('leaves a name without a value as it is, where a test of the page will see it', () => {
    expect(t('en', 'hello')).toBe('Hello, {name}.');
  });

  it('names the file and the key of missing words', () => {
    // Types do not see a key that is put together, such as the name of a preset.
    expect(() => t('en', 'goodbye' as 'hello')).toThrow(
      'src/i18n/en/greetings.ts has no words for "goodbye"',
    );
  });

  it('chooses the form that a number has in the language', () => {
    expect(t('en', 'images', { n: 1 })).toBe('one image');
    expect(t('en', 'images', { n: 0 })).toBe('0 images');
    expect(t('zh', 'images', { n: 1 })).toBe('1 张图像');
  });
});
