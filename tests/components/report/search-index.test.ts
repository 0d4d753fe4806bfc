import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { chapterEntries, plainText } from '../../../src/components/report/search-index.ts';

describe('plainText', () => {
  it('keeps words and numbers, not marks', () => {
    expect(
      plainText('#### 第 19 轮\n\n1. 时间: <R id="epoch19.seconds">22.4 秒</R>\n   - Loss: 0.6\n', 'zh'),
    ).toBe('第 19 轮 时间: 22.4 秒 Loss: 0.6');
  });

  it('puts notes in, those of reported.json too', () => {
    expect(plainText('<Note title="Why">\n  Because.\n</Note>', 'en')).toBe('Why Because.');
    expect(plainText('<Note title="Split" id="beforeSplit" />', 'en')).toMatch(
      /^Split .*48,000 of the 60,000/,
    );
  });
});

describe('chapterEntries', () => {
  it('has an entry for each section, under its anchor', () => {
    const source = readFileSync('src/content/report/en/06-curves.mdx', 'utf8');
    const body = source.split('---').slice(2).join('---');
    const entries = chapterEntries({ chapter: 6, title: '6 The training curves', body }, 'en');
    expect(entries.map(({ anchor }) => anchor)).toEqual(['s6', 's6-1', 's6-2', 's6-3']);
    expect(entries[1]!.text).toContain('training loss about 1.3');
    expect(JSON.stringify(entries)).not.toMatch(/[<>]/);
  });
});
