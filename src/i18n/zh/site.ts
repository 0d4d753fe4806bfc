import type { WordsOf } from '../translator.ts';
import type en from '../en/site.ts';

export default {
  name: 'Fashion-MNIST 衣物分类',
  skip: '跳到正文',
  navigation: '主导航',
  report: '报告',
  draw: '画一画',
  finetune: '教一教',
  runs: '训练记录',
  card: '模型卡',
  theme: '切换浅色与深色',
  footer: '报告作者：涂锦鹏。数据集 Fashion-MNIST © Zalando SE，MIT 许可。代码 MIT 许可。',
  privacy: '本站不请求任何其他网站；你画的图不会离开浏览器。',
  notFound: '没有这个页面',
  notFoundText: '网址可能写错了，或者页面已经移走。',
  home: '回到报告',

  'search.open': '搜索',
  'search.label': '在报告中搜索',
  'search.close': '关闭',
  'search.found': '{n} 处',
  'search.nothing': '没有找到。换一个词试试。',
  'search.failed': '搜索没能载入。请检查网络连接，关闭后再打开一次。',

  asleep: '这幅图可以看，但互动的部分没有载入。请检查网络连接后重试。',
  retry: '重试',
} satisfies WordsOf<typeof en>;
