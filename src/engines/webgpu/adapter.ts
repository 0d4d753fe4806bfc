/** What WebGPU says of the processor behind it. Node and the browser share it. */

/** Of `GPUAdapterInfo`; browsers leave any of it empty. */
export interface AdapterInfo {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  readonly isFallbackAdapter?: boolean;
}

/** Drivers that draw and compute on the CPU: SwiftShader, Mesa's llvmpipe and lavapipe, Microsoft's WARP. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|software|microsoft basic render/i;

const words = ({ vendor, architecture, device, description }: AdapterInfo): string[] =>
  [vendor, architecture, device, description].filter(Boolean);

/** Whether the processor is only emulated, which is slower than any backend that is made for the CPU. */
export function isSoftware(info: AdapterInfo): boolean {
  return info.isFallbackAdapter === true || SOFTWARE.test(words(info).join(' '));
}

/**
 * The processor's name, as far as it is told.
 * Browsers describe the processor; Dawn in Node gives its model as the device and describes the driver.
 * @example adapterName(info) // 'nvidia ampere, NVIDIA GeForce RTX 3060'
 */
export function adapterName(info: AdapterInfo): string {
  const family = [info.vendor, info.architecture].filter(Boolean).join(' ');
  return [family, info.device, info.description].filter(Boolean).join(', ') || 'GPU';
}
