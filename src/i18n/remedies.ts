import { translator } from './translator.ts';

/** Section 9.3: the report's suggestions, carried out and measured. */
export const remedies = translator({
  zh: {
    heading: '建议的检验',
    intro:
      '报告提出了四条建议，但没有试验。这里逐条来试：每条只改一处（集成除外，它由按其他建议训练的网络组成），取舍只看验证集，最后在测试集上与报告的配方（基线）逐张比较。',
    introNone: '报告提出了四条建议，但没有试验。检验它们的训练还没有发布，发布后结果会出现在这里。',
    beyondIntro:
      '四条之外，还试了配方不受限制时报告的同一个网络能做到多好、多快，以及再加上注意力与集成能做到多好。',
    missing: '计划中、还没有做：{names}。',
    waiting: '报告提出了四条建议，但没有试验。报告的完整配方还没有发布，各种做法暂时无从比较。',

    baseline: '报告的配方',
    augment: '数据增强',
    'augment-shirt': '数据增强（衬衫加强）',
    'long-tail': '更高的学习率尾段',
    ensemble: '模型集成',
    attention: '注意力机制',
    'best-trial': '充分优化的同一网络',
    best: '同一网络，再用全部图像训练',
    'best-flips': '同一网络加镜像',
    'best-attention': '同一配方加注意力',
    'best-ensemble': '两个网络的集成',
    'best-again': '同一配方，另一个起点',
    'best-three': '三个网络的集成',
    fast: '尽快达到报告的准确率',
    'augment.text': '翻转、平移、旋转、缩放、亮度、对比度与随机擦除，用于所有类别',
    'augment-shirt.text': '同样的增强，对衬衫的幅度更大',
    'long-tail.text': '学习率更早降下来，最后一段缓慢下降，停在高于零的地方',
    'ensemble.text': '几个网络给出的概率取平均',
    'attention.text': '每个卷积块之后加挤压与激励（SE）模块',
    'best-trial.text': '从基线的权重出发再训练 32 轮：增强、较少的丢弃、较大的权重衰减、权重平均',
    'best.text': '再训练几轮，把验证图像也用上',
    'best-flips.text': '对图像和它的镜像各问一次，取平均',
    'best-attention.text': '同样的配方，网络加 SE 模块，最后用上全部图像',
    'best-ensemble.text': '以上两个用全部图像训练的网络，对图像和它的镜像各问一次，取平均',
    'best-again.text': '从另一个随机种子的权重出发，用同样的配方和全部图像训练 20 轮',
    'best-three.text': '两个网络的集成再加上这个网络，同样对图像和镜像各问一次',
    'fast.text': '轮数更少，批次更小，难例多看一遍',

    figureTitle: '每种做法的测试准确率',
    figureAlt: '点图：每种做法的测试准确率与 95% 置信区间，竖虚线是报告的配方。{sentence}',
    figureCaption: '点是测试准确率，横线是它的 95% 置信区间，竖虚线是基线，空心圆是报告自己的 {reported}。',
    marks: '▲ 比基线好，▼ 比基线差，≈ 差别在偶然的范围之内。',
    figureHelp: '各种做法。用上下方向键选择一种，Home 和 End 到第一种和最后一种。',
    baselineSentence:
      '报告的配方：测试准确率 {accuracy}，95% 置信区间 {low} 到 {high}；报告自己是 {reported}。',
    sentence:
      '{name}：测试准确率 {accuracy}，95% 置信区间 {low} 到 {high}，与基线的差值为 {difference}。{n} 张图像只有一方答对：基线 {first} 张，它 {second} 张；McNemar 检验 {p}，{effect}。',

    better: '比基线好',
    worse: '比基线差',
    undecided: '与基线分不出高下',
    tableTitle: '每种做法与报告的配方相比',
    remedy: '做法',
    accuracy: '测试准确率',
    against: '与基线相比',
    shirt: 'Shirt F1',
    cost: '训练 · 参数 · 大小',
    lowerEnd: '区间下限',
    upperEnd: '区间上限',
    validation: '验证准确率',
    validated: '验证 {accuracy}',
    validatedNone: '验证图像也用于训练',
    difference: '差值（百分点）',
    onlyBaseline: '只有基线答对',
    onlyRemedy: '只有它答对',
    p: 'McNemar p',
    cpuSeconds: 'CPU 上训练（秒）',
    gpuSeconds: 'GPU 上训练（秒）',
    onCpu: 'CPU {time}',
    onGpu: 'GPU {time}',
    parameters: '参数',
    bytes: '模型（字节）',
    ratio: '{second} : {first}',
    count: '{n} 万参数',
    megabytes: '{n} MB',
    inAll: '连同它所依据的训练共 {time}',
    moved: '变化最多的错误：{cells}',
    cell: '{true}判为{predicted} {first} → {second}',
    unmoved: '没有一种错误的数目有变化',
    caveat:
      '“与基线相比”一栏：准确率之差；McNemar 检验的 p 值；形如 a : b 的，是只有它答对与只有基线答对的图像数之比。p 小于 {level} 才算有差别；即使其实没有差别，平均每二十次检验也会碰巧有一次 p 小于 {level}。每种做法只训练了一次，换一个随机种子，结果也会变动{spread}。训练时间按每次训练各轮用时的中位数乘以轮数计，因为同一台机器上有时还有别的工作；有几次是在 GPU 上训练的，那里的时间与 CPU 上的不能相比。',
    spread: '（报告配方的 {n} 个种子之间，标准差 {deviation} 个百分点）',
    twoSeeds: '（报告的配方用两个种子：{accuracies}）',

    raceTitle: '达到报告的准确率要多久',
    reached: '以验证准确率达到报告的测试准确率 {target} 为准：训练 fast 在第 {epoch} 轮达到，用时 {time}',
    notReached:
      '以验证准确率达到报告的测试准确率 {target} 为准：训练 fast 用了 {time}，没有达到（最高 {best}）',
    baselineReached:
      '；报告的配方在第 {epoch} 轮达到，用时 {time}。每轮都按各自训练的中位用时计，后者是前者的 {ratio} 倍。',
    baselineReachedAlone: '；报告的配方在第 {epoch} 轮达到，用时 {time}。',
    baselineNotReached: '；报告的配方训练了 {epochs} 轮、{time}，没有达到（最高 {best}）。',
    incomparable: '两次训练的机器或后端不同，时间不能直接比较。',

    readsTitle: '测试集一共读了多少遍',
    reads:
      '为发布这里的 {runs} 次训练{ensembles}以及被它们取代的训练，测试集一共送入网络 {n} 遍，逐次记在 public/models/test-reads.json。对已发布结果的复核（npm run evaluate、npm run export）不在其内。取舍与调整从未用过测试集。',
    readsEnsembles: '和 {n} 个集成',
    compare: '任选两次训练，比较曲线与混淆矩阵',
  },
  en: {
    heading: 'The suggestions, put to the test',
    intro:
      "The report makes four suggestions and tries none. Here each is tried: one change at a time (but for the ensemble, which joins networks trained by the other suggestions), chosen by the validation images alone, and in the end compared with the report's recipe (the baseline) image by image on the test set.",
    introNone:
      'The report makes four suggestions and tries none. The runs that put them to the test are not published yet; once they are, the results stand here.',
    beyondIntro:
      "Beyond the four: how good, and how fast, the report's own network can be made when its recipe is not restricted, and how good with attention and an ensemble on top.",
    missing: 'Planned, not run yet: {names}.',
    waiting:
      "The report makes four suggestions and tries none. The report's recipe in full is not published yet, so there is nothing to compare them with.",

    baseline: 'The report’s recipe',
    augment: 'Augmentation',
    'augment-shirt': 'Augmentation (more for shirts)',
    'long-tail': 'Higher learning-rate tail',
    ensemble: 'Ensemble',
    attention: 'Attention',
    'best-trial': 'The same network at its best',
    best: 'The same network, on all images',
    'best-flips': 'The same network, mirrored too',
    'best-attention': 'The same recipe, with attention',
    'best-ensemble': 'Both networks together',
    'best-again': 'The same recipe, another start',
    'best-three': 'Three networks together',
    fast: 'The report’s accuracy, fast',
    'augment.text':
      'flips, shifts, rotation, scaling, brightness, contrast and random erasing, for all classes',
    'augment-shirt.text': 'the same augmentation, stronger for shirts',
    'long-tail.text': 'the learning rate comes down earlier, then falls slowly and ends above zero',
    'ensemble.text': 'the mean of the probabilities of several networks',
    'attention.text': 'squeeze and excitation after each convolutional block',
    'best-trial.text':
      '32 epochs more from the baseline’s weights on: augmentation, less dropout, more weight decay, averaged weights',
    'best.text': 'some epochs more, with the validation images too',
    'best-flips.text': 'asked about the image and its mirror image; the mean of both',
    'best-attention.text':
      'the same recipe for the network with squeeze and excitation, in the end on all images',
    'best-ensemble.text':
      'the two networks above that were trained on all images, each asked about the image and its mirror image; the mean of the answers',
    'best-again.text': 'the same recipe from the weights of another seed, for 20 epochs on all images',
    'best-three.text':
      'both networks and this one, each asked about the image and its mirror image; the mean of the answers',
    'fast.text': 'fewer epochs, smaller batches, hard images shown twice',

    figureTitle: 'Test accuracy of each remedy',
    figureAlt:
      "Dot plot of each remedy's test accuracy with its 95% interval; the dashed line is the report's recipe. {sentence}",
    figureCaption:
      "Dots are test accuracies, lines their 95% intervals, the dashed line is the baseline, the hollow circle the report's own {reported}.",
    marks: '▲ better than the baseline, ▼ worse, ≈ a difference that chance alone could make.',
    figureHelp:
      'The remedies. The up and down arrow keys choose one, Home and End go to the first and the last.',
    baselineSentence:
      "The report's recipe: test accuracy {accuracy}, 95% interval {low} to {high}; the report itself has {reported}.",
    sentence:
      '{name}: test accuracy {accuracy}, 95% interval {low} to {high}, {difference} against the baseline. {n} images are classified correctly by only one of the two: {first} by the baseline, {second} by this; McNemar’s test gives {p}: {effect}.',

    better: 'better than the baseline',
    worse: 'worse than the baseline',
    undecided: 'not told apart from the baseline',
    tableTitle: "Each remedy against the report's recipe",
    remedy: 'Remedy',
    accuracy: 'Test accuracy',
    against: 'Against the baseline',
    shirt: 'Shirt F1',
    cost: 'Training · parameters · size',
    lowerEnd: 'Interval from',
    upperEnd: 'Interval to',
    validation: 'Validation accuracy',
    validated: 'validation {accuracy}',
    validatedNone: 'trained on validation too',
    difference: 'Difference (points)',
    onlyBaseline: 'Right by baseline only',
    onlyRemedy: 'Right by this only',
    p: 'McNemar p',
    cpuSeconds: 'Training on a CPU (s)',
    gpuSeconds: 'Training on a GPU (s)',
    onCpu: 'CPU {time}',
    onGpu: 'GPU {time}',
    parameters: 'Parameters',
    bytes: 'Model (bytes)',
    ratio: '{second} : {first}',
    count: '{n} M parameters',
    megabytes: '{n} MB',
    inAll: 'with the training it builds on: {time}',
    moved: 'Mistakes that changed most: {cells}',
    cell: '{true} called {predicted} {first} → {second}',
    unmoved: 'No kind of mistake changed in number',
    caveat:
      "“Against the baseline”: the difference in accuracy; the p-value of McNemar's test; and, as a ratio, the number of images that only this one classifies correctly to the number that only the baseline does. A p-value below {level} counts as a difference; chance alone gives one in about one test of twenty. Each remedy was trained once; another seed moves the result too{spread}. Training time is each run's median epoch time multiplied by its epochs, since other work ran on the same machine at times; some runs were trained on a GPU, and times there do not compare with those on a CPU.",
    spread: " (over {n} seeds of the report's recipe the standard deviation is {deviation} points)",
    twoSeeds: " (two seeds of the report's recipe: {accuracies})",

    raceTitle: "Time to the report's accuracy",
    reached:
      'The run “fast” reaches the report’s test accuracy, {target}, on the validation images in epoch {epoch}, after {time}',
    notReached:
      'The run “fast” does not reach the report’s test accuracy, {target}, on the validation images in {time} (best {best})',
    baselineReached:
      "; the report's recipe in epoch {epoch}, after {time}. With every epoch counted at its run's median time, that is {ratio} times as long.",
    baselineReachedAlone: "; the report's recipe in epoch {epoch}, after {time}.",
    baselineNotReached: "; the report's recipe does not get there in {epochs} epochs, {time} (best {best}).",
    incomparable: 'The two ran on different machines or backends, so the times do not compare directly.',

    readsTitle: 'How often the test set was read in all',
    reads:
      'To publish these runs ({runs}){ensembles} and those that they replaced, the test set was put through a network {n} times in all; public/models/test-reads.json has each time. Later checks of what is published, by npm run evaluate and npm run export, are not counted. Nothing was ever chosen or tuned by the test set.',
    readsEnsembles: ' and ensembles ({n})',
    compare: 'Compare the curves and matrices of any two runs',
  },
});
