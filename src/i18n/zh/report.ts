import type { WordsOf } from '../translator.ts';
import type en from '../en/report.ts';

export default {
  title: 'Fashion-MNIST 衣物分类模型项目报告',
  description:
    '用 PyTorch 训练的 Fashion-MNIST 分类器的项目报告，用 TypeScript 重新训练、逐一核对：凡可复现的数字，旁边都有复现值，每张图都可以探索。',
  contents: '目录',
  note: '注',
  what: '这是一份衣物分类器的项目报告：用 PyTorch 在 Fashion-MNIST 上训练的卷积网络。本站用 TypeScript 重新训练了它，凡能复现的数字，旁边都有复现值。',
  'lead.holds': '结果成立：',
  'abstract.holds':
    '测试图像在这里判对 {reproduced}，报告是 {reported}；这样的差别（{difference}，95% 置信区间 {interval}）仅凭偶然就可以解释。',
  'lead.above': '结果达到并超过：',
  'abstract.above':
    '测试图像在这里判对 {reproduced}，报告是 {reported}（{difference}，95% 置信区间 {interval}）。',
  'lead.below': '结果没有复现：',
  'abstract.below':
    '测试图像在这里判对 {reproduced}，报告是 {reported}（{difference}，95% 置信区间 {interval}）。',
  'lead.misfit': '对不上的',
  'abstract.misfit': '是训练准确率：最后是 {reproduced}，不是 {reported}。',
  'lead.found': '途中发现：',
  'abstract.found': '报告列在第 19 轮之下的三个数，在它自己的日志里属于第 18 轮。',
  'lead.beyond': '报告之外，',
  'abstract.beyond': '一个同样大小的网络达到 {accuracy}。',
  check: '核对',
  tryCheck: '核对全部 10,000 张',
  tryDraw: '画一件衣服',
  tryTrain: '看它训练',
  stripCaption: '测试图像与网络的判断：绿框判对，橙框判错。',
  howToReadText:
    '正文是报告原文。报告的数字照原样印出；旁边的绿色数字来自本站用 TypeScript 完成的重新训练，点击可看差别、差值的 95% 置信区间和出处。数字旁的符号说明两者如何：= 相同，≈ 误差之内，≠ 超出误差。✓ 表示一行里的数字与复现完全一致。页边的注指出报告自己的疏漏和复现的不同之处。',
  glance: '报告与复现',
  quantity: '指标',
  'test.accuracy': '测试准确率',
  'test.loss': '测试损失',
  'best.validationAccuracy': '最佳验证准确率',
  'class6.recall': 'Shirt 的召回率',
  'model.parameters': '参数个数',
  'total.seconds': '训练用时',
  allNumbers: '全部数字的对照在表 3。',
  allTitle: '报告的全部结果与复现',
  allCaption:
    '复现在 {device} 上以 {backend} 训练。区间是两个比例之差的 95% 置信区间（Newcombe），因为报告的准确率也是抽样得来的。两个测试准确率用的是同样的 10,000 张图像，配对检验会更灵敏，但需要报告的逐张预测，而没有人有：区间因此比必要的宽。区间只计图像抽样的误差；换种子的变动，点开数字可以看到。训练准确率是一轮之内、权重不断变化时的平均，最佳验证准确率是各轮中的最大值，二者的区间仅供参考。没有区间的值按各种子之间的变动比较。各类的精确率、召回率与 F1 见',
  allCaptionEnd: '。',
  'best.epoch': '最佳轮次',
  'epoch20.validationAccuracy': '第 20 轮验证准确率',
  'epoch20.validationLoss': '第 20 轮验证损失',
  'epoch20.trainAccuracy': '第 20 轮训练准确率',
  'epoch20.trainLoss': '第 20 轮训练损失',
  'speed.secondsPerEpoch': '每轮用时',
  'speed.imagesPerSecond': '训练速度',
  'model.megabytes': '模型大小（float32）',
  gpuAllocated: 'GPU 内存，已分配',
  gpuReserved: 'GPU 内存，已保留',
  cudnnBenchmark: 'cudnn.benchmark',
  mixedPrecision: '混合精度',
  enabled: '启用',
  notApplicable: '不适用',
  noGpu: '这次训练没有用 GPU',
  notRecorded: '复现没有记录',
  cpuCores: '{n} 个 CPU 核',
  float32Only: '复现的各后端都只以 float32 训练',
  inReport: '报告',
  reproduced: '复现',
  difference: '差值',
  interval: '差值的 95% 置信区间',
  source: '出处',
  unavailable: '这次训练没有与之对应的值。',
  previewShort: '来自一次缩减的训练，不是报告的完整配方。',
  spread: '{n} 个种子',
  tally: '显示',
  allMarks: '全部 {n} 项',
  'tally.same': '= 相同：{n}',
  'tally.noise': '≈ 误差之内：{n}',
  'tally.apart': '≠ 超出误差：{n}',
  points: '{n} 个百分点',
  seconds: '{n} 秒',
  minutes: '{minutes} 分 {seconds} 秒',
  hours: '{hours} 小时 {minutes} 分',
  perSecond: '{n} 张/秒',

  classNumber: '类别编号',
  className: '类别名称',
  trainImages: '训练样本数',
  testImages: '测试样本数',
  distributionTitle: '各类别的图像数',
  distributionAlt: '条形图：十个类别各有 6,000 张训练图像和 1,000 张测试图像，条形一样长。',
  distributionCaption: '每一类都一样多，所以只猜一类的准确率是 10%，而准确率与宏平均召回率相同。',

  logTitle: '训练轮次记录',
  logReport: '报告的日志（第 18–20 轮）',
  logRun: '复现的日志',
  logAlt:
    '折线图：复现训练中每 50 个批次记录一次的批次损失，从开头的 {first} 迅速下降，最后一轮在 {low} 到 {high} 之间；空心圆是报告日志中第 19、20 轮的八个批次。',
  logCaption:
    '线与实心点是复现每 50 批记录的批次损失，空心圆是报告日志里的八个批次。单个批次只有 256 张图像，上下波动是正常的：9.2 节所说的“批次波动”，复现里也有，最后一轮记录的批次准确率从 {accuracyLow} 到 {accuracyHigh}。',
  gapTitle: '复现的差距更大',
  gapText:
    '按报告写明的配方训练，最后一轮的训练准确率是 {train}，比验证准确率高 {gap} 个百分点；报告是 {reportedTrain}，只高 {reportedGap} 个百分点。验证与测试准确率都不低于报告，可见不是训练不足。',
  gapTorch:
    '这不是复现本身造成的：PyTorch {torch} 按同一份配方训练（{precision}，{device}），最后一轮训练准确率 {train}，验证 {validation}。',
  gapWhy: '最可能的解释是报告的训练受到了更强的正则化：配方里也许有没有写出来的部分。',
  mixed: '混合精度',
  float32: 'float32',
  gapTried: '可能有关的配方，最后一轮的准确率如下（报告：训练 {train}，验证 {validation}）：',
  gapTrial: '{label}：训练 {train}，验证 {validation}',
  gapVaried: '{trial}；验证图像也作同样增强时 {varied}',

  gapLike: '“{label}”的差距是 {gap} 个百分点，与报告相近：报告也许做了数据增强，只是没有写出来。',

  curvesTitle: '训练过程可视化图',
  curvesAlt:
    '三幅折线图，横轴为第 1 至 {epochs} 轮：训练损失从 {firstTrainLoss} 降到 {lastTrainLoss}，验证损失从 {firstValidationLoss} 降到 {lastValidationLoss}；训练准确率升到 {lastTrainAccuracy}，验证准确率升到 {lastValidationAccuracy}；学习率先升至 {greatestRate}，再降到 {lastRate}。',
  curvesCaption:
    '线是复现，空心圆是报告里给出的值（第 1 轮的四个值报告只说“约”）。灰色带是训练与验证的差距。',
  curvesTorch:
    '叉是同一份配方在 PyTorch {torch}（{device}，{precision}，种子 {seed}）里的训练过程，点“PyTorch”显示。',

  confusionTitle: '分类模型混淆矩阵图',
  confusionAlt: '10×10 混淆矩阵，行为真实类别，列为预测类别。对角线上最多；对角线外最多的是：{worst}',
  confusionCaption:
    '对角线（绿色）是判断正确的图像，其余（橙色）是错误；两种颜色的深浅各有尺度，橙色按平方根变深，使少量错误也看得见。',

  reportTableTitle: '分类报告',
  sortHint: '点击列标题按复现值排序。',
  reportTableCaption:
    '每格上面是报告的值，下面绿色是复现值。细线从 {low} 到 1，空心圆是报告，实心点是复现，横条是差值的 95% 置信区间，从报告的值量起，下面写出数字（Newcombe；F1 的由 Jaccard 指数换算）：含 0 的标 ≈，不含 0 的标 ≠，两值相同的标 =。',
  reportClass: '类别 名称',
  f1Formula: 'F1 是精确率与召回率的调和平均：',

  shirtTitle: 'Shirt 难在哪里',
  shirtAlt: '双向条形图：左边是被判为其他类别的衬衫，右边是被判为衬衫的其他类别。{left}；{right}。',
  shirtCaption:
    '左边：是衬衫而被判为别的。右边：是别的而被判为衬衫。两边都以上衣为主：在 28×28 的灰度图里，它们的轮廓几乎一样，区别只在领口、扣子与袖子的几个像素。',

  architectureTitle: '网络的每一层：形状与参数',
  architectureAlt:
    '示意图：28×28 的输入经三个卷积块变为 14×14、7×7、3×3，通道从 64 增至 256；展平后经 512、256、128 到 10 个输出。',
  architectureCaption:
    '方块的高是特征图的边长，宽随通道数增长；条形是参数个数。近一半参数在第一个全连接层里。点选一层，看它的算式。',

  architectureHelp: '网络的层。用方向键选择一层。',
  layer: '层',
  shape: '输出形状',
  arithmetic: '算式',
  smoothingFormula: '标签平滑：正确的类别得 0.91，其余每类得 0.01；因此损失不会低于 0.5003。',
  oneCycleFormula:
    'OneCycleLR 的两段都是半个余弦，s 从 0 到 1：预热段 a = 0.0004、b = 0.01，衰减段 a = 0.01、b = 4×10⁻⁸。',

  mapsInvitation:
    '选一件测试集里的衣物，看每一层对它作何反应：网络在你的浏览器里计算（需载入约 {size} MB 的模型，另加计算引擎）。',
  mapsGarment: '第 {id} 张：{name}',

  scheduleTitle: '学习率调度 OneCycleLR',
  scheduleAlt: '两幅折线图：学习率先升后降，β1 反向变化。',
  scheduleCaption:
    '拖动滑块改变调度；空心圆是报告在第 18、19、20 轮末打印的三个学习率。默认设置的曲线正好穿过它们。',

  calibrationTitle: '校准：模型的置信度与实际准确率',
  calibrationAlt: '可靠性图：横轴为模型给出的最大概率，纵轴为该区间内的准确率；对角线表示完全校准。',
  calibrationSummary: '平均概率 {confidence}，准确率 {accuracy}；期望校准误差 {error}。',
  calibrationCaption:
    '点在对角线之上说明模型不够自信，之下说明过于自信。圆的面积表示张数。标签平滑要求正确类别的概率是 0.91 而不是 1，压低的主要是最高的那些概率：最有把握时也多停在 0.91 附近。',

  galleryTitle: '每一类的平均图像与真实样本',
  galleryCaption: '上面是每类 6,000 张训练图像逐像素的平均；选一类，看训练集里的 50 张。',
  galleryMean: '{name}：平均图像',
  galleryExamples: '{name}：50 张训练图像',

  predictionsTitle: '测试集预测结果可视化图',
  predictionsFirst: '测试集的前 {n} 张，下面是模型的判断与概率；其中判断错误的有 {wrong} 张，用橙色标出。',
  predictionsExplore: '浏览全部 10,000 张',
  predictionsCaption:
    '测试集从未参与训练或模型选择。按真实类别、预测类别、对错和置信度筛选，选一张看它的十个概率。图像分 {n} 份按需载入，每份约 {size}。',

  mistakesTitle: '置信度最高的错误',
  mistakesText: '关于衬衫，模型置信度最高却判断错误的 {n} 张（上：真实类别，下：预测与概率）。',
  pairsTitle: '看起来最像的几对',
  pairsText: '与衬衫混淆最多的三类各取一对：测试集里逐像素差别最小的一件衬衫和一件该类衣物。',
  pairNames: '衬衫与{name}',

  author: '涂锦鹏',
  cite: '引用',
  citeText: '引用报告本身，或引用这份复现：',
  environmentTitle: '复现的环境',
  machine: '机器',
  backend: '计算后端',
  versions: '软件',
  commit: '代码版本',
  finished: '完成时间',
  cores: '{n} 核',

  'agreed.same': '与复现一致',
  'agreed.different': '与复现不同',
  'agreed.counted': '从数据集数得',
  'agreed.images': '图像总数',
  'agreed.trainImages': '训练图像',
  'agreed.testImages': '测试图像',
  'agreed.split': '训练与验证',
  'agreed.classes': '类别',
  'agreed.size': '图像尺寸',
  'agreed.trainPerClass': '每类训练图像',
  'agreed.testPerClass': '每类测试图像',
  'agreed.convolutions': '卷积层数',
  'agreed.kernel': '卷积核',
  'agreed.channels': '输出通道',
  'agreed.pool': '最大池化',
  'agreed.dropout': '丢弃率',
  'agreed.inputs': '输入',
  'agreed.outputs': '输出',
  'agreed.steps': '每轮批次',
} satisfies WordsOf<typeof en>;
