// The garment in a picture, by TensorFlow.js in Node.
//
//   npm install @tensorflow/tfjs sharp
//   node predict-tfjs.mjs <folder with model.json and weights.bin> <picture>
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import sharp from 'sharp';

const CLASSES = 'T-shirt/top,Trouser,Pullover,Dress,Coat,Sandal,Shirt,Sneaker,Bag,Ankle boot'.split(',');
const [folder, picture] = process.argv.slice(2);

const model = await tf.loadLayersModel({
  async load() {
    const { modelTopology, weightsManifest } = JSON.parse(await readFile(join(folder, 'model.json'), 'utf8'));
    const weights = await readFile(join(folder, 'weights.bin'));
    return {
      modelTopology,
      weightSpecs: weightsManifest[0].weights,
      weightData: new Uint8Array(weights).buffer,
    };
  },
});

// 28×28 grey values from 0 to 1: a light garment on black.
const bytes = await sharp(picture).flatten().resize(28, 28, { fit: 'contain' }).greyscale().raw().toBuffer();
const images = tf.tensor(
  Float32Array.from(bytes, (grey) => grey / 255),
  [1, 28, 28, 1],
);

const probabilities = model.predict(images).dataSync();
const best = probabilities.indexOf(Math.max(...probabilities));
console.log(`${CLASSES[best]}, ${(100 * probabilities[best]).toFixed(1)} %`);
