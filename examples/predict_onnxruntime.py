"""The garment in a picture, by ONNX Runtime in Python.

pip install numpy onnxruntime pillow
python predict_onnxruntime.py <folder with model.onnx> <picture>
"""

import json
import sys
from pathlib import Path

import numpy
import onnxruntime
from PIL import Image

folder, picture = sys.argv[1:]
session = onnxruntime.InferenceSession(Path(folder) / "model.onnx")
classes = json.loads(session.get_modelmeta().custom_metadata_map["classes"])

# 28 x 28 grey values from 0 to 1: a light garment on black.
grey = Image.open(picture).convert("L").resize((28, 28))
images = numpy.asarray(grey, numpy.float32).reshape(1, 28, 28, 1) / 255

(probabilities,) = session.run(["probabilities"], {"images": images})
best = probabilities[0].argmax()
print(f"{classes[best]}, {probabilities[0][best]:.1%}")
