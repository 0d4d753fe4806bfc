import type { WordsOf } from '../translator.ts';
import type en from '../en/live.ts';

export default {
  title: '在这里核对',
  intro:
    '在这个浏览器里，用发布的权重预测全部 10,000 张测试图像：下面的数都是在这里算出来的，不是从文件里读的。什么也不会离开你的机器。',
  network: '网络',
  mine: '你教的网络',
  cost: '需下载 {size} 和计算引擎；在这里用 {n} 个核约需 {time}，有显卡可用时更快。',
  costMine: '需下载 {size} 的测试图像和计算引擎；在这里用 {n} 个核约需 {time}。',
  start: '开始',
  resume: '继续',
  pause: '暂停',
  stop: '停止',
  checkRun: '在浏览器里核对',
  loading: '正在载入网络与测试图像……',
  running: '已完成 {percent} 的预测。',
  paused: '已暂停，点“继续”从这里接着算。',
  kept: '已停止。算好的都还在，点“继续”接着算。',
  done: '完成：{n} 张测试图像都已在这里预测。',
  speed: '{backend} 上每秒 {speed} 张，还需 {time}',
  sofar: '目前 {images} 张里对了 {correct} 张：{accuracy}，95% 置信区间 {low} – {high}。',
  sofarNone: '每张图像预测 {n} 次取平均：最后一遍开始后才有准确率。',
  restarted: '完成 {n} 次预测后，一个工作线程停了。它手上的图像由另一个重新计算，其余的都还在。',
  restored: '这个浏览器里有上次核对同样文件时的 {n} 个预测，不再重算。',
  moved: '完成 {n} 次预测后 {before} 失效，其余的改在 {after} 上计算。',
  matrix: '在这里算出的混淆矩阵',

  correct: '在这里 {images} 张测试图像对了 {correct} 张：准确率 {accuracy}，95% 置信区间 {low} – {high}。',
  published:
    '{id} 发布的结果：{images} 张里对 {correct} 张，{accuracy}。这里的损失 {loss}，发布的 {publishedLoss}。',
  same: '{n} 个预测与 {id} 发布的完全一样。',
  differ: '有 {n} 个预测与 {id} 发布的不同。各种处理器的舍入不同，少数几个不同是正常的。',
  differMine: '有 {n} 个预测与 {id} 的不同。',
  mcNemar: '只有这里对的 {second} 张，只有发布的对的 {first} 张；McNemar 检验 {p}。',
  noPredictions: '发布的预测没有载入，无法逐张比较。',
  differing: '第 {id} 张：{label}；发布的是{published}，这里是{own}',
  more: '还有 {n} 张，见下载的文件',
  hashSame: '权重就是发布的权重：每个文件的 SHA-256 都与 metrics.json 里的一致。',
  hashDifferent: '这不是发布的权重：{files} 的 SHA-256 与 metrics.json 里的不一致。',
  hashUnknown: '无法核对权重是否就是发布的：浏览器只在 https 页面上计算散列值。',
  hashMine: '权重是这个浏览器里保存的、你教的网络的。',
  where: '用时 {time}，后端 {backend}（{device}），工作线程 {n} 个。{browser}',
  download: '下载结果（JSON）',
  class: '类别',
  tableTitle: '精确率、召回率与 F1：这里算的（发布的）',

  missing: '无法继续：服务器上没有 {file}。算好的都还在，请稍后再试。',
  unreachable: '无法继续：{file} 没有载入。请检查网络连接；算好的都还在，点“继续”接着算。',
  damaged: '无法继续：{file} 读不了，可能不完整或被改动。请重新载入页面，或换一个网络。',
  'not-kept': '这个浏览器里没有你教的网络，或不完整。请先到“教一教”一页教一个。',
  'no-backend':
    '这个浏览器里没有一个计算后端可用。请换一个较新的浏览器，或去掉网址里的 backend 参数；算好的都还在。',
  stopped: '计算一再中断，也许是内存不够。算好的都还在：关掉其他标签页，再点“继续”。',
  asleep: '核对的部分没有载入。请检查网络连接后重试。',

  trainIntro:
    '在这个浏览器里从随机权重开始训练报告的网络，它的曲线（紫色）画在发布的曲线旁边。这不是把那次训练重做一遍：训练图像 {images} 张而不是 {reportImages} 张，{epochs} 轮而不是 {reportEpochs} 轮（有显卡时最多 {reportEpochs} 轮），批次 {batch} 而不是 {reportBatch}，学习率峰值 {rate} 而不是 {reportRate}；它的各轮拉伸到整条横轴上。需下载 {size} 和计算引擎。',
  trainStart: '在这里训练',
  trainLoading: '正在载入图像与计算引擎……',
  trainEpoch: '在 {backend} 上，{epochs} 轮中完成了 {epoch} 轮：前 500 张测试图像判对 {accuracy}。',
  trainLeft: '第 {step} 步，共 {steps} 步，约还需 {time}。',
  trainMoved: '{from} 失效：从第 {epoch} 轮末在 {to} 上接着训练。',
  trainDone: '训练完成。',
  trainResult:
    '{epoch} 轮之后，前 {n} 张测试图像判对 {accuracy}；从点击起用时 {time}，后端 {backend}。第一个批次的损失 {loss}，即随机权重的损失。',
} satisfies WordsOf<typeof en>;
