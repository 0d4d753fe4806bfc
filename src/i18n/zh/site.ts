import type { WordsOf } from '../translator.ts';
import type en from '../en/site.ts';
import type { classes as enClasses } from '../en/site.ts';

export default {
  name: 'Fashion-MNIST 衣物分类',
  skip: '跳到正文',
  navigation: '主导航',
  report: '报告',
  draw: '画一画',
  finetune: '教一教',
  runs: '训练记录',
  card: '模型卡',
  use: '拿去用',
  theme: '切换浅色与深色',
  footer: '报告作者：涂锦鹏。数据集 Fashion-MNIST © Zalando SE，MIT 许可。代码 MIT 许可。',
  privacy: '本站不请求任何其他网站；你画的图不会离开浏览器。',
  code: '代码',
  dataset: '数据集',
  paper: '数据集论文',
  notFound: '没有这个页面',
  notFoundText: '网址可能写错了，或者页面已经移走。',
  home: '回到报告',

  'search.open': '搜索',
  'search.label': '在报告中搜索',
  'search.close': '关闭',
  'search.found': '{n} 处',
  'search.nothing': '没有找到。换一个词试试。',
  'search.failed': '搜索没能载入。请检查网络连接，关闭后再打开一次。',

  scriptsFailed:
    '网页的脚本没有载入，页面上的控件不起作用。请检查网络后重新载入；如果这是保存下来的或嵌在别处的副本，请打开原网页。',
  asleep: '这幅图可以看，但互动的部分没有载入。请检查网络连接后重试。',
  retry: '重试',
} satisfies WordsOf<typeof en>;

export const classes = [
  { name: 'T恤', short: 'T恤', long: 'T恤 T-shirt', plural: 'T恤（T-shirt）' },
  { name: '裤子', short: '裤子', long: '裤子 Trouser', plural: '裤子（Trouser）' },
  { name: '套头衫', short: '套头衫', long: '套头衫 Pullover', plural: '套头衫（Pullover）' },
  { name: '连衣裙', short: '连衣裙', long: '连衣裙 Dress', plural: '连衣裙（Dress）' },
  { name: '外套', short: '外套', long: '外套 Coat', plural: '外套（Coat）' },
  { name: '凉鞋', short: '凉鞋', long: '凉鞋 Sandal', plural: '凉鞋（Sandal）' },
  { name: '衬衫', short: '衬衫', long: '衬衫 Shirt', plural: '衬衫（Shirt）' },
  { name: '运动鞋', short: '运动鞋', long: '运动鞋 Sneaker', plural: '运动鞋（Sneaker）' },
  { name: '包', short: '包', long: '包 Bag', plural: '包（Bag）' },
  { name: '短靴', short: '短靴', long: '短靴 Ankle boot', plural: '短靴（Ankle boot）' },
] satisfies typeof enClasses;
