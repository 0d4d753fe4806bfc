import { describe, expect, it } from 'vitest';
import { find, type Entry } from '../../../src/layouts/client/full-text-search.ts';

const entries: Entry[] = [
  { anchor: 's5', title: '五、训练', text: '学习率在第 19 轮之后几乎为零，损失不再下降。' },
  { anchor: 's6-3', title: '6.3 学习率曲线', text: '最大学习率：0.01。调度策略：OneCycleLR。' },
  {
    anchor: 's7',
    title: '7 Evaluation',
    text: `${'word '.repeat(40)}Test Loss 0.6390 and so on ${'word '.repeat(40)}`,
  },
];
const anchors = (query: string) => find(entries, query).map(({ anchor }) => anchor);

describe('find', () => {
  it('puts sections with a word in their title first', () => {
    expect(anchors('学习率')).toEqual(['s6-3', 's5']);
  });

  it('wants every word, in any order and case', () => {
    expect(anchors('onecycle 调度')).toEqual(['s6-3']);
    expect(anchors('调度 损失')).toEqual([]);
    expect(anchors('evaluation LOSS')).toEqual(['s7']);
  });

  it('finds nothing for nothing', () => {
    expect(find(entries, '   ')).toEqual([]);
  });

  it('cuts a snippet around the first match and marks all matches', () => {
    const [hit] = find(entries, 'test loss');
    expect(hit!.snippet[0]).toEqual(['…', false]);
    expect(hit!.snippet.at(-1)).toEqual(['…', false]);
    expect(hit!.snippet.filter(([, match]) => match).map(([text]) => text)).toEqual(['Test', 'Loss']);
    const whole = hit!.snippet.map(([text]) => text).join('');
    expect(entries[2]!.text).toContain(whole.slice(1, -1));
  });

  it('shows the beginning of a section that only its title matches', () => {
    expect(find(entries, '曲线')[0]!.snippet).toEqual([[entries[1]!.text, false]]);
  });

  it('takes signs literally', () => {
    expect(anchors('.*')).toEqual([]);
    expect(anchors('0.01。')).toEqual(['s6-3']);
  });
});
