import type { WordsOf } from '../translator.ts';
import type en from '../en/failures.ts';

export default {
  unreachable: '模型没有载入：无法联网，或服务器没有回应。你的画还在，联网后再试一次。',
  missing: '模型没有载入：服务器上没有文件 {file}。你的画还在；请换一个模型，或稍后再试。',
  damaged:
    '模型没有载入：文件 {file} 与发布的不一致，可能不完整、被改动或被换过。你的画还在；请重新载入页面，或换一个模型。',
  'not-kept':
    '你教的网络没有载入：它在这个浏览器里已被删除，或不完整。你的画还在；请换一个模型，或重新教一个。',
  'no-backend':
    '这个浏览器里没有一个计算后端可用。你的画还在；请换一个较新的浏览器，或去掉网址里的 backend 参数。',
  silentBackend: '——{name} 没有回应，已跳过',
  stopped: '计算一再中断。你的画和训练到上一轮的进度都还在；请重新载入页面。',
  images:
    '图像没有载入：无法联网，或浏览器为防指纹跟踪篡改了网页读到的图像（请允许本站读取画布）。你的画还在，之后再试一次。',
  partMissing: '读取图片的程序没有载入；联网后再试一次。画板没有改变。',
  badImage: '这个文件不是能读的图片（PNG、JPEG、WebP、GIF、SVG……）；画板没有改变。',
  heic: '这个浏览器读不了 HEIC 图片；请另存为 JPEG 或 PNG，或截一张图。画板没有改变。',
  unsafeSvg: '这个 SVG 带有脚本或引用了别的文件，这里不运行也不载入；请另存为 PNG。画板没有改变。',
  falsified: '浏览器为防指纹跟踪篡改了网页读到的图像；请允许本站读取画布，再试一次。画板没有改变。',
  droppedLink: '拖进来的是图片的网址，不是图片本身；请先保存图片，再选择或拖入文件。画板没有改变。',
  largeImage: '图片超过 {limit} MB；请先缩小。画板没有改变。',
  vastImage: '图片超过 {limit} MP（百万像素）；请先缩小。画板没有改变。',
  blankPicture: '这张图片只有一种颜色，没有可画的东西；画板没有改变。',
  uploadNoJson: '请把 model.json 与它的 .bin 文件一起选上；现在没有 model.json。权重没有改变。',
  uploadBadJson: '{file} 不是有效的 JSON；权重没有改变。',
  uploadMissing: 'model.json 提到文件 {file}，但没有选上它；请把两个文件一起选上。权重没有改变。',
  uploadBad: '{file} 不能用：它不是这个网络的权重，或已损坏。权重没有改变。',
  badEpochs: '轮数应是 1 到 1000 的整数。',
  badLearningRate: '学习率应是大于 0 的数，例如 0.001。',
  badBatch: '批次大小应是不小于 2 的整数。',
  noDrawings: '还没有要学的东西：画点什么，或选几张图片，加进来。',
  tooFew: '图像太少：至少要两张，最好每类三张以上。',
  oneClass: '所有图像都是同一类，网络会把什么都认成这一类；请再加一类，或提高重放的比例。',
  noName: '第十一个类别需要一个名字。',
  longName: '类别的名字太长：最多 24 个字符。',
  knownName: '网络已经有这个名字的类别；请换一个名字。',
  oneDrawing: '只有一张画学不会一个类别：至少再加一张，三张以上更好。',
  elevenClasses:
    '起点的网络认识十一个类别，而这一课只有十类：请选“新增一个类别”，或在设置里从发布的网络开始。',
  badPerClass: '每类图像数须是整数，从 1 到本页带来的张数：“从零开始”为 200，其他课为 100。',
  uploadNoPair: '{file} 与 {topology} 不是一对：它们来自两次下载。请选同一次下载的两个文件。权重没有变。',
  uploadOutputs: '这个网络认识 {count} 个类别；这里能教的是十个或十一个。权重没有变。',
} satisfies WordsOf<typeof en>;
