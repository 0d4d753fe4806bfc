import { translator } from './translator.ts';

/** The search dialog. */
export const search = translator({
  zh: {
    open: '搜索',
    label: '在报告中搜索',
    close: '关闭',
    found: '{n} 处',
    nothing: '没有找到。换一个词试试。',
    failed: '搜索没能载入。请检查网络连接，关闭后再打开一次。',
  },
  en: {
    open: 'Search',
    label: 'Search the report',
    close: 'Close',
    found: 'Matches: {n}',
    nothing: 'Nothing found. Try another word.',
    failed: 'The search could not be loaded. Check the connection, close it and open it again.',
  },
});
