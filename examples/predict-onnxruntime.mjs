// The garment in a picture, by ONNX Runtime in Node.
//
//   npm install onnxruntime-node sharp
//   node predict-onnxruntime.mjs <folder with model.onnx> <picture>
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';

const CLASSES = 'T-shirt/top,Trouser,Pullover,Dress,Coat,Sandal,Shirt,Sneaker,Bag,Ankle boot'.split(',');
const [folder, picture] = process.argv.slice(2);

const session = await InferenceSession.create(join(folder, 'model.onnx'));

// 28×28 grey values from 0 to 1: a light garment on black.
const bytes = await sharp(picture).flatten().resize(28, 28, { fit: 'contain' }).greyscale().raw().toBuffer();
const images = new Tensor(
  'float32',
  Float32Array.from(bytes, (grey) => grey / 255),
  [1, 28, 28, 1],
);

const { probabilities } = await session.run({ images });
const best = probabilities.data.indexOf(Math.max(...probabilities.data));
console.log(`${CLASSES[best]}, ${(100 * probabilities.data[best]).toFixed(1)} %`);
