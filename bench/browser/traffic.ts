/** What a training step of the whole network moves on WebGPU, by layer: counted from its dispatches, none of which runs. */
import * as tf from '@tensorflow/tfjs-core';
import { sum } from 'd3';
import { aroundKernels } from '../../src/engines/node/profile.ts';
import { AdamW } from '../../src/network/adamw.ts';
import { type Architecture, reportArchitecture } from '../../src/network/architecture.ts';
import { batchGradients } from '../../src/network/gradients.ts';
import { initialise } from '../../src/network/initialise.ts';
import { Network } from '../../src/network/network.ts';
import { alignColumns } from '../../src/node/terminal.ts';

/** Forward, back and the optimiser together. */
export interface LayerTraffic {
  /** Of a convolution or a dense layer, with what follows up to the next. */
  readonly layer: string;
  dispatches: number;
  /** Bytes of the tensors that its programs read, each counted once a dispatch. */
  read: number;
  written: number;
}

/** The convolutions and dense layers, in order, and by the names of all layers to which of them each belongs. */
function groupsOf({ layers }: Architecture): { groups: string[]; groupOf: Map<string, number> } {
  const groups: string[] = [];
  const groupOf = new Map<string, number>();
  for (const layer of layers) {
    if (layer.type === 'conv' || layer.type === 'dense') groups.push(layer.name);
    if ('name' in layer) groupOf.set(layer.name, groups.length - 1);
  }
  return { groups, groupOf };
}

interface Access {
  read: boolean;
  written: boolean;
}

/** How a program uses its buffers, by binding; undefined for one of uniforms. */
function accesses(code: string): (Access | undefined)[] {
  const found: (Access | undefined)[] = [];
  const declared = /@binding\((\d+)\)\s*var<(uniform|storage)(?:\s*,\s*(\w+))?>\s*(\w+)/g;
  for (const [, binding, kind, mode, name] of code.matchAll(declared)) {
    const written = mode === 'read_write';
    // Somewhere else than on the left of an assignment.
    const read = !written || new RegExp(`\\b${name}\\[[^\\]]*\\](?!\\s*=[^=])`).test(code);
    found[Number(binding)] = kind === 'uniform' ? undefined : { read, written };
  }
  return found;
}

/** Calls `count` with what each dispatch reads and writes from now on, instead of computing it. */
function insteadOfDispatching(count: (read: number, written: number) => void): void {
  const codes = new WeakMap<object, string>();
  const programs = new WeakMap<object, (Access | undefined)[]>();
  const buffers = new WeakMap<object, GPUBindGroupDescriptor>();
  const { createShaderModule, createComputePipeline, createBindGroup } = GPUDevice.prototype;
  const { setPipeline, setBindGroup } = GPUComputePassEncoder.prototype;
  Object.assign(GPUDevice.prototype, {
    createShaderModule(this: GPUDevice, descriptor: GPUShaderModuleDescriptor) {
      const module = createShaderModule.call(this, descriptor);
      codes.set(module, descriptor.code);
      return module;
    },
    createComputePipeline(this: GPUDevice, descriptor: GPUComputePipelineDescriptor) {
      const pipeline = createComputePipeline.call(this, descriptor);
      programs.set(pipeline, accesses(codes.get(descriptor.compute.module)!));
      return pipeline;
    },
    createBindGroup(this: GPUDevice, descriptor: GPUBindGroupDescriptor) {
      const group = createBindGroup.call(this, descriptor);
      buffers.set(group, descriptor);
      return group;
    },
  });
  let program: (Access | undefined)[] = [];
  let bound: GPUBindGroupDescriptor | undefined;
  Object.assign(GPUComputePassEncoder.prototype, {
    setPipeline(this: GPUComputePassEncoder, pipeline: GPUComputePipeline) {
      program = programs.get(pipeline)!;
      setPipeline.call(this, pipeline);
    },
    setBindGroup(this: GPUComputePassEncoder, index: number, group: GPUBindGroup) {
      bound = buffers.get(group)!;
      (setBindGroup as (index: number, group: GPUBindGroup) => undefined).call(this, index, group);
    },
    dispatchWorkgroups() {
      let [read, written] = [0, 0];
      for (const { binding, resource } of bound!.entries) {
        const { size } = (resource as { buffer: GPUBuffer }).buffer;
        if (program[binding]?.read) read += size;
        if (program[binding]?.written) written += size;
      }
      count(read, written);
    },
  });
}

/**
 * For the report's network on tfjs's webgpu backend, which is the current one and computes nothing any more afterwards.
 * @param batch images per step
 */
export function countTraffic(batch: number): LayerTraffic[] {
  const { groups, groupOf } = groupsOf(reportArchitecture);
  const traffic = groups.map((layer) => ({ layer, dispatches: 0, read: 0, written: 0 }));
  /** The layer at work. */
  let working = 0;
  insteadOfDispatching((read, written) => {
    const layer = traffic[working]!;
    layer.dispatches++;
    layer.read += read;
    layer.written += written;
  });
  const network = new Network(reportArchitecture, initialise(reportArchitecture, 1));
  const optimiser = new AdamW(network.parameters, { beta2: 0.999, epsilon: 1e-8, weightDecay: 0 });
  const images = tf.zeros<tf.Rank.R4>([batch, ...reportArchitecture.inputShape]);
  const targets = tf.zeros<tf.Rank.R2>([batch, 10]);
  for (const layer of traffic) layer.dispatches = layer.read = layer.written = 0;

  /** The layers of the weights, and of the tensors that a layer has made, by their data. */
  const owners = new WeakMap<object, number>();
  const makers = new WeakMap<object, number>();
  for (const [name, { dataId }] of [...network.parameters, ...network.statistics]) {
    owners.set(dataId, groupOf.get(name.split('/')[0]!)!);
  }
  let depth = 0;
  aroundKernels((_, call, compute) => {
    if (depth === 0) {
      const given = Object.values(call.inputs).flatMap((input) => (input ? [input.dataId] : []));
      const owned = given.flatMap((id) => owners.get(id) ?? []);
      // Without a weight among them: the gradient's layer, which is behind that of the values it meets.
      const from = owned.length ? owned : given.map((id) => makers.get(id) ?? 0);
      working = Math.max(0, ...from);
    }
    depth++;
    try {
      const made = compute(call);
      for (const { dataId } of [made].flat()) makers.set(dataId, working);
      return made;
    } finally {
      depth--;
    }
  });
  const pass = batchGradients(network, images, targets, 1);
  network.updateStatistics(pass.statistics);
  optimiser.apply(pass.gradients, 1e-3, 0.9);
  return traffic;
}

/** As a table for the terminal. */
export function trafficTable(traffic: readonly LayerTraffic[]): string {
  const all = {
    layer: 'all',
    dispatches: sum(traffic, ({ dispatches }) => dispatches),
    read: sum(traffic, ({ read }) => read),
    written: sum(traffic, ({ written }) => written),
  };
  const megabytes = (bytes: number) =>
    `${(bytes / 1e6).toLocaleString('en', { maximumFractionDigits: 1 })} MB`;
  const rows = [...traffic, all].map(({ layer, dispatches, read, written }) => [
    layer,
    String(dispatches),
    megabytes(read),
    megabytes(written),
  ]);
  return alignColumns([['', 'dispatches', 'read', 'written'], ...rows], '<>>>').join('\n');
}
