import { translator } from './translator.ts';

/** The frame around every page: header, footer, switches. */
export const site = translator({
  zh: {
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
  },
  en: {
    name: 'Fashion-MNIST, checked',
    skip: 'Skip to content',
    navigation: 'Main',
    report: 'Report',
    draw: 'Draw',
    finetune: 'Teach',
    runs: 'Runs',
    card: 'Model card',
    theme: 'Switch between light and dark',
    footer:
      'Report by Tu Jinpeng (涂锦鹏). Dataset: Fashion-MNIST © Zalando SE, MIT licence. Code: MIT licence.',
    privacy: 'This site makes no request to any other; what you draw stays in your browser.',
    notFound: 'There is no such page',
    notFoundText: 'The address may be mistyped, or the page has moved.',
    home: 'Back to the report',
  },
});
