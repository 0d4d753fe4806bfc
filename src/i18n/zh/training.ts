import type { WordsOf } from '../translator.ts';
import type en from '../en/training.ts';

export default {
  title: '正在进行的训练',
  lede: '本机上的训练，每两秒从各自的文件夹读取一次；不会影响训练本身。',
  none: '这里还没有开始过训练：npm run train -- --preset preview 可以开始一次短的。',
  running: '进行中。',
  stopped: '尚未结束就停止了；同一命令加上 --resume 可从最近的检查点继续。',
  finished: '已结束，未发布。',
  published: '已结束并发布。',
  open: '已发布的训练',
  place: '第 {epoch}/{epochs} 轮，第 {batch}/{batches} 批。',
  left: { other: '大约还需 {n} 分钟。' },
  memory: '内存 {gib} GiB，{backend}。',
  best: '目前最高的验证准确率：{accuracy}',
  losses: '折线图：{id} 每一批的损失',
  curves: '折线图：{id} 逐轮的损失、准确率和学习率',
  matrix: '{id} 最近一轮后在验证图像上的混淆矩阵',
} satisfies WordsOf<typeof en>;
