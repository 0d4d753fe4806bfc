import type { WordsOf } from '../translator.ts';
import type en from '../en/presets.ts';

export default {
  report: '报告的配方，完整',
  'channel-dropout': '报告的配方，卷积块中按整个通道丢弃',
  'light-augment': '报告的配方，图像随机镜像并旋转几度',
  augment: '报告的配方，加数据增强',
  'augment-shirt': '报告的配方，加数据增强，衬衫更强',
  'long-tail': '报告的配方，学习率在零以上停留更久',
  attention: '报告的配方，网络加挤压与激励模块',
  'best-trial': '报告的网络，充分优化，以验证集评判',
  best: '报告的网络，充分优化，最后用上全部图像',
  'best-again': 'best-trial 的配方，从另一个起点开始，用上全部图像',
  'best-attention-trial': '加挤压与激励模块的网络，充分优化，以验证集评判',
  'best-attention': '加挤压与激励模块的网络，充分优化，最后用上全部图像',
  'taught-trial': '以两个最佳网络为教师训练的报告网络，以验证集评判',
  'taught-attention-trial': '以两个最佳网络为教师、加挤压与激励模块的网络，以验证集评判',
  'residual-trial': '残差网络，充分优化，以验证集评判',
  'sketch-pad': '报告的网络，也学着认手绘',
  sketch: '报告的网络，也学着认手绘、图标和表情符号',
  fast: '以最短的时间达到报告的准确率',
  preview: '简短的预览，不是报告的完整配方',
  smoke: '很小的网络，用来试一试程序',
  ensemble: '几个网络的平均回答',
  'best-flips': '最好的网络，对图像和镜像各问一次',
  'best-ensemble': '最好的两个网络，对图像和镜像各问一次',
  'best-three': '充分优化的三个网络，对图像和镜像各问一次',
} satisfies WordsOf<typeof en>;
