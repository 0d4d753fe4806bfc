import type { WordsOf } from '../translator.ts';
import type en from '../en/use.ts';

export default {
  title: '拿去用',
  description:
    '在自己的程序里使用训练好的网络：TensorFlow.js、ONNX Runtime、PyTorch，浏览器、Node、Python，附全部文件与完整程序。',
  lede: '训练好的网络就是几个文件，可以自由使用。下面每个程序都从一张图片得出衣物的名称；本项目的测试逐一运行它们，一字不差。',
  formats: '输入与输出',
  formatsText:
    '各种格式的输入都是 28×28 的灰度值，从 0 到 1；衣物浅、背景黑，衣物占满画面，鞋尖朝左，与数据集一致。输出对应十个类别。',
  file: '文件',
  library: '用于',
  input: '输入',
  output: '输出',
  tfjs: 'TensorFlow.js',
  onnxruntime: 'ONNX Runtime',
  pytorch: 'PyTorch',
  'model.json': '[n, 28, 28, 1]，取值 0 到 1',
  'model.onnx': '同上；名为 images',
  'model.safetensors': '[n, 1, 28, 28]，取值 0 到 1，再做 (x − {mean}) / {deviation}：文件中只有权重',
  probabilities: '概率 [n, 10]',
  logits: 'softmax 之前的 logits [n, 10]',
  classes: '类别',
  index: '序号',
  class: '类别',
  files: '文件',
  filesText:
    '卷积核与全连接层的权重为半精度，其余为单精度；八位版本只在准确率下降不超过 0.1 个百分点时提供。其他训练的这些文件可用 {command} 生成。',
  accuracy: '测试准确率 {accuracy}',
  size: '大小',
  download: '下载 {run} 的 {file}',
  programs: '程序',
  programsText: '测试所用的图片：',
  picture: '数据集的一张测试图像：短靴，28×28 像素',
  'predict-tfjs.html': '浏览器中的 TensorFlow.js',
  'predict-onnxruntime.html': '浏览器中的 ONNX Runtime',
  'predict-tfjs.mjs': 'Node 中的 TensorFlow.js',
  'predict-onnxruntime.mjs': 'Node 中的 ONNX Runtime',
  'predict_onnxruntime.py': 'Python 中的 ONNX Runtime',
  'predict_pytorch.py': 'Python 中的 PyTorch',
} satisfies WordsOf<typeof en>;
