import type { WordsOf } from '../translator.ts';
import type en from '../en/card.ts';

export default {
  title: '模型卡：{id}',
  network: '一个卷积网络，区分 28×28 灰度图像中的十类衣物，共 {parameters} 个参数。',
  fullRecipe: '完全按照报告的配方训练。',
  otherRecipe: '**不是报告的完整配方**：{departures}。',
  ensemble: '{label}：{n} 个网络对同一张图像{views}所给概率的平均。没有为它另作训练。',
  flipped: '及其镜像',
  shifted: '（各再向上下左右平移 {n} 个像素）',

  data: '数据',
  synthetic: '**人造图像，只用来试运行程序**，代替：{dataset}',
  dataset:
    'Fashion-MNIST（Zalando Research）：60,000 张训练图像、10,000 张测试图像，每类各 6,000 张与 1,000 张。',
  split: '训练图像按 8:2 分为训练集与验证集，划分所用的种子对所有训练都相同。',
  allImages: '全部训练图像都用于训练。',
  networkReads:
    '训练好的模型在测试图像上运行过 {n} 次（按发布的权重，以及用 float32 作比较）；没有依据测试图像做任何选择或调整。',
  ensembleReads: '为它在测试图像上运行过 {n} 次网络；没有依据测试图像做任何选择或调整。',

  besideReport:
    '报告在同样的图像上是 {reported}，相差 {difference} 个百分点（95% 置信区间 {low} 到 {high}）。',

  recipe: '配方',
  setting: '设置',
  meaning: '含义',
  value: '值',
  none: '无',
  'seed.split': '划分的种子',
  'seed.run': '训练的种子',
  training:
    '在 {device} 上用 tfjs 后端“{backend}”训练了 {minutes} 分钟（{speed} 张/秒），代码版本为 {commit}。',
  lastEpoch: '权重取自第 {best} 轮（共 {epochs} 轮）。',
  bestEpoch: '权重取自第 {best} 轮（共 {epochs} 轮），即验证准确率最高的一轮。',
  networks: '网络',
  members: '共 {parameters} 个参数，训练用时合计 {minutes} 分钟，详见各网络自己的模型卡。',
  computed: '平均在 {device} 上用 tfjs 后端“{backend}”计算，代码版本为 {commit}。',
  unknown: '未知',
  dirty: '{commit}（含未提交的改动）',

  results: '结果',
  set: '数据集',
  images: '张数',
  loss: '损失（标签平滑）',
  accuracy: '准确率',
  validation: '验证',
  variedValidation: '验证，按训练时的方式变化',
  test: '测试',
  class: '类别',
  precision: '精确率',
  recall: '召回率',
  support: '样本数',
  macro: '宏平均',
  weighted: '加权平均',
  float16:
    '卷积层与全连接层的权重以 float16 发布。与 float32 相比，{images} 张测试图像中有 {flips} 张的预测改变：准确率由 {from} 变为 {to}。',
  eightBit:
    '`model-8bit.json` 是同一个网络，这些权重以 8 位存储。{images} 张验证图像中有 {flips} 张的预测改变：准确率由 {from} 变为 {to}。',

  use: '用途与局限',
  file: '文件',
  for: '适用于',
  input: '输入',
  tfjs: 'TensorFlow.js：{code}',
  onnxruntime: 'ONNX Runtime',
  pytorch: 'PyTorch：权重的名称与排列同其各层一致',
  zeroToOne: '取值 [0, 1] 的图像，[n, 28, 28, 1]',
  same: '同上',
  normalised: '按 (x − {mean}) / {deviation} 归一化，[n, 1, 28, 28]',
  formats:
    '前两种给出十个类别的概率，归一化已包含在内。缺少后两种文件时，`npm run export -- {id}` 会写出。从图片文件到衣物名称的完整程序，每种格式都有，见项目的 `examples/` 文件夹和本站的“拿去用”页。',
  whiteOnBlack: '图像为黑底白物。',
  noModel:
    '集成没有 model.json：请按各网络自己的模型卡，用上面列出的网络对同一张图像{views}各算一次，再取概率的平均。',
  limits:
    '衣物须像数据集中那样：每张一件，居中，占满画面，鞋头朝左。其他任何东西也会被归为十类衣物之一，而且置信度往往很高。最常混淆的是衬衫、T恤、套头衫和外套。它用于教学，不应用来对商品或人作决定。',

  licence: '许可',
  mit: 'MIT，与本项目相同；数据集由 Zalando SE 以 MIT 许可发布。',
} satisfies WordsOf<typeof en>;
