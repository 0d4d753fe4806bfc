import type { WordsOf } from '../translator.ts';
import type en from '../en/drawings.ts';

export default {
  title: '这些回答有多可靠',
  intro:
    '下表来自 {drawings} 幅衣物画，都用本页的工具画成，有的工整，有的潦草：线稿、涂满、明暗、排线、断开的轮廓、很细和很粗的笔、倾斜、偏在一角。它们只用于最后的检验，既不参加训练，也不用来挑选模型。另有 {ambiguous} 幅没有细节的剪影，谁也分不清是套头衫、外套还是衬衫，单独计。',
  photographs: '只看过照片：用原样的数据集训练，从未见过画。',
  sketches:
    '结构相同，从只看过照片的权重出发，再用由训练照片变成的画来教，画上添了人们常画的东西：领子、纽扣、鞋带、提手；其中一部分是为此另画的，与上面的画出自不同的人手，每幅换笔、换灰度、变形后重画多次，与上面那些画无关。中间掺进原来的照片，免得忘掉它们；也掺进不是衣物的图，让它学会拿不准。',
  criterion:
    '网络只知道十类衣物，看到别的东西也照样分配概率。最大的概率达不到阈值时，本页只说不确定。每个模型的阈值用验证照片、由它们变成的画和编造的非衣物图来确定，使两种错误率之和最小：该答的没有答，不该答的答了；上面那些画不参与。',
  caption: '画与照片上的成绩',
  measure: '指标',
  top1: '衣物画：第一个答案就对',
  top3: '衣物画：前三个答案里有对的',
  ambiguous: '分不清的剪影：第一个答案就对',
  test: '测试照片：第一个答案就对',
  least: '作答的阈值',
  others: '不是衣物的画（{images} 幅）：没有作答',
  rejected: '衣物画：没有作答',
  testRejected: '测试照片：没有作答',
  partsCaption: '第一个答案就对的画，按类别、画法和手法分',
  byClass: '类别',
  byStyle: '画法',
  byHand: '笔迹',
  of: '{part} / {whole}',
  about: '{drawings} 幅画里认对 {top1}，{test} 张测试照片里认对 {photographs}。',
  more: '比较各个模型',
  outline: '线稿',
  filled: '涂满',
  shaded: '明暗',
  hatched: '排线',
  gaps: '轮廓断开',
  thin: '细笔',
  thick: '粗笔',
  turned: '倾斜',
  'off-centre': '偏在一角',
  small: '画得很小',
  neat: '工整',
  sloppy: '潦草',
} satisfies WordsOf<typeof en>;
