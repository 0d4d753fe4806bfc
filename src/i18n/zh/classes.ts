import type en from '../en/classes.ts';

export default [
  { name: 'T恤', short: 'T恤', long: 'T恤 T-shirt', plural: 'T恤（T-shirt）' },
  { name: '裤子', short: '裤子', long: '裤子 Trouser', plural: '裤子（Trouser）' },
  { name: '套头衫', short: '套头衫', long: '套头衫 Pullover', plural: '套头衫（Pullover）' },
  { name: '连衣裙', short: '连衣裙', long: '连衣裙 Dress', plural: '连衣裙（Dress）' },
  { name: '外套', short: '外套', long: '外套 Coat', plural: '外套（Coat）' },
  { name: '凉鞋', short: '凉鞋', long: '凉鞋 Sandal', plural: '凉鞋（Sandal）' },
  { name: '衬衫', short: '衬衫', long: '衬衫 Shirt', plural: '衬衫（Shirt）' },
  { name: '运动鞋', short: '运动鞋', long: '运动鞋 Sneaker', plural: '运动鞋（Sneaker）' },
  { name: '包', short: '包', long: '包 Bag', plural: '包（Bag）' },
  { name: '短靴', short: '短靴', long: '短靴 Ankle boot', plural: '短靴（Ankle boot）' },
] satisfies typeof en;
